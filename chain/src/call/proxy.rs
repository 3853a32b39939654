//! Calls of `Proxy` (pallet 16).
//!
//! **Source**: spec/tables/extrinsics.md.

use super::RuntimeCall;
use crate::types::{ProxyType, hex_bytes};
use crate::wire::Lookup;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Proxy` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `proxy` (0): a proxy without delay makes a call in the name of another account.
    #[codec(index = 0)]
    Proxy {
        /// In whose name.
        real: Lookup,
        /// By right of which proxy; any, when none is named.
        force_proxy_type: Option<ProxyType>,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `add_proxy` (1).
    #[codec(index = 1)]
    AddProxy {
        /// Who becomes a proxy of the signer.
        delegate: Lookup,
        /// For what.
        proxy_type: ProxyType,
        /// How long a call must have been announced, blocks.
        delay: u32,
    },
    /// `remove_proxy` (2).
    #[codec(index = 2)]
    RemoveProxy {
        /// The proxy.
        delegate: Lookup,
        /// For what.
        proxy_type: ProxyType,
        /// Its delay.
        delay: u32,
    },
    /// `remove_proxies` (3): all of the signer's.
    #[codec(index = 3)]
    RemoveProxies,
    /// `create_pure` (4): an account without a key, whose proxy is the signer.
    #[codec(index = 4)]
    CreatePure {
        /// For what the signer is its proxy.
        proxy_type: ProxyType,
        /// How long a call must have been announced, blocks.
        delay: u32,
        /// Tells apart the accounts of one extrinsic.
        index: u16,
    },
    /// `kill_pure` (5): sent by the account itself; what it holds is out of reach from then on.
    #[codec(index = 5)]
    KillPure {
        /// Who made it.
        spawner: Lookup,
        /// As it was made.
        proxy_type: ProxyType,
        /// As it was made.
        index: u16,
        /// The block in which it was made.
        #[codec(compact)]
        height: u32,
        /// Index of the extrinsic that made it; the inherent that sets the time is the first.
        #[codec(compact)]
        ext_index: u32,
    },
    /// `announce` (6).
    #[codec(index = 6)]
    Announce {
        /// In whose name.
        real: Lookup,
        /// `blake2_256` of the call.
        #[serde(with = "hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `remove_announcement` (7): by the proxy.
    #[codec(index = 7)]
    RemoveAnnouncement {
        /// In whose name.
        real: Lookup,
        /// `blake2_256` of the call.
        #[serde(with = "hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `reject_announcement` (8): by the account in whose name it was made.
    #[codec(index = 8)]
    RejectAnnouncement {
        /// The proxy.
        delegate: Lookup,
        /// `blake2_256` of the call.
        #[serde(with = "hex_bytes")]
        call_hash: [u8; 32],
    },
    /// `proxy_announced` (9): anyone makes an announced call, when its delay is over.
    #[codec(index = 9)]
    ProxyAnnounced {
        /// The proxy.
        delegate: Lookup,
        /// In whose name.
        real: Lookup,
        /// By right of which proxy; any, when none is named.
        force_proxy_type: Option<ProxyType>,
        /// The call.
        call: Box<RuntimeCall>,
    },
    /// `poke_deposit` (10): the signer's deposits become what they should be.
    #[codec(index = 10)]
    PokeDeposit,
    /// `set_real_pays_fee` (11): whether the signer pays the fees of a proxy's calls.
    #[codec(index = 11)]
    SetRealPaysFee {
        /// The proxy.
        delegate: Lookup,
        /// Whether.
        pays_fee: bool,
    },
}
