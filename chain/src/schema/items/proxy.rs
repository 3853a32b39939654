//! Who may call in whose name.

use super::put;
use crate::account::AccountId;
use crate::error::DispatchOutcome;
use crate::schema::lens::ChainLens;
use crate::schema::{Hasher, Item};
use crate::types::{Announcement, ProxyDefinition};
use crate::units::Rao;
use std::sync::Arc;

/// The pallet of proxies.
const PROXY: &str = "Proxy";

/// A map by account that is a field of [`crate::state::Proxy`].
macro_rules! map {
    ($name:literal, $field:ident: $ty:ty, $default:expr, $doc:literal) => {
        Item {
            pallet: PROXY,
            name: $name,
            hashers: &[Hasher::Twox64Concat],
            unit: "",
            doc: $doc,
            access: &ChainLens::<(AccountId,), $ty> {
                get: |state, (who,)| state.proxy.$field.get(who).cloned(),
                rows: |state, each| {
                    state.proxy.$field.iter().for_each(|(who, value)| each((*who,), value.clone()))
                },
                set: |state, (who,), value| {
                    put(&mut state.proxy_mut().$field, who, value);
                    Ok(())
                },
                same: |before, after| Arc::ptr_eq(&before.proxy, &after.proxy),
                default: $default,
            },
        }
    };
}

pub(super) static ITEMS: &[Item] = &[
    map!("Proxies", proxies: (Vec<ProxyDefinition>, Rao), Some(Default::default), "Proxies of an account, and their deposit in rao."),
    map!("Announcements", announcements: (Vec<Announcement>, Rao), Some(Default::default), "Announced calls of a proxy, and their deposit in rao."),
    map!("LastCallResult", last_call_result: DispatchOutcome, None, "What became of the last call made in an account's name in the running block."),
    Item {
        pallet: PROXY,
        name: "RealPaysFee",
        hashers: &[Hasher::Twox64Concat, Hasher::Twox64Concat],
        unit: "",
        doc: "Accounts that pay the fees of a proxy of theirs.",
        access: &ChainLens::<(AccountId, AccountId), ()> {
            get: |state, key| state.proxy.real_pays_fee.get(key).copied(),
            rows: |state, each| state.proxy.real_pays_fee.keys().for_each(|key| each(*key, ())),
            set: |state, key, value| {
                put(&mut state.proxy_mut().real_pays_fee, key, value);
                Ok(())
            },
            same: |before, after| Arc::ptr_eq(&before.proxy, &after.proxy),
            default: None,
        },
    },
];
