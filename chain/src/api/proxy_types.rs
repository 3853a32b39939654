//! `ProxyFilterRuntimeApi`: the kinds of proxies.

use super::runtime_api;
use crate::types::ProxyType;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// A kind of proxy.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProxyTypeInfo {
    /// Its name.
    pub name: Vec<u8>,
    /// Its number.
    pub index: u8,
    /// Whether it is retired and allows nothing.
    pub deprecated: bool,
}

fn all() -> Vec<ProxyTypeInfo> {
    let kinds = (0..=u8::MAX).map_while(|index| ProxyType::decode(&mut &[index][..]).ok().zip(Some(index)));
    let info = |(kind, index)| ProxyTypeInfo {
        name: format!("{kind:?}").into_bytes(),
        index,
        deprecated: matches!(
            kind,
            ProxyType::Senate | ProxyType::Triumvirate | ProxyType::Governance | ProxyType::RootWeights
        ),
    };
    kinds.map(info).collect()
}

runtime_api! { METHODS of ProxyFilterRuntimeApi:
    /// All kinds of proxies, by number.
    get_proxy_types() -> Vec<ProxyTypeInfo> = |_| all();
}
