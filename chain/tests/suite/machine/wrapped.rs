//! A generator for each call that carries calls, or that says who may make them: `Utility`, `Sudo`, `Proxy` and
//! `Multisig`.

use super::dice::{COLDKEYS, Dice, HOTKEYS};
use super::draw::call;
use chain::account::AccountId;
use chain::call::{
    BalancesCall, OriginCaller, RawOrigin, RuntimeCall, UtilityCall, Weight, multisig, proxy, subtensor,
};
use chain::crypto::blake2_256;
use chain::script::Sender;
use chain::state::State;
use chain::types::{ProxyType, Timepoint};
use chain::units::{NetUid, Rao, TAO};
use parity_scale_codec::Encode as _;

/// How many signatories share an account; they are the first coldkeys.
const SIGNATORIES: u64 = 3;

pub(super) mod utility {
    use super::super::dice::Dice;
    use super::super::draw::generators;
    use super::{boxed, calls, known, origin, weight};
    use chain::call::UtilityCall;

    generators! {
        UtilityCall, d {
            Batch { calls: calls(d) },
            AsDerivative { index: d.pick(&[0, 0, 1]), call: if d.flag() { boxed(d) } else { Box::new(known(d.below(4))) } },
            BatchAll { calls: calls(d) },
            DispatchAs { as_origin: origin(d), call: boxed(d) },
            ForceBatch { calls: calls(d) },
            WithWeight { call: boxed(d), weight: weight(d) },
            IfElse { main: boxed(d), fallback: boxed(d) },
            DispatchAsFallible { as_origin: origin(d), call: boxed(d) },
        }
    }
}

pub(super) mod sudo {
    use super::super::dice::Dice;
    use super::super::draw::generators;
    use super::{boxed, weight};
    use chain::call::SudoCall;

    generators! {
        SudoCall, d {
            Sudo { call: boxed(d) },
            SudoUncheckedWeight { call: boxed(d), weight: weight(d) },
            SetKey { new: d.coldkey().into() },
            SudoAs { who: d.anybody().into(), call: boxed(d) },
            RemoveKey {},
        }
    }
}

pub(super) mod proxies {
    use super::super::dice::Dice;
    use super::super::draw::generators;
    use super::{boxed, hash_of, known};
    use chain::call::proxy::Call;
    use chain::types::ProxyType;

    generators! {
        Call, d {
            Proxy { real: d.proxied().0.into(), force_proxy_type: d.forced(), call: boxed(d) },
            AddProxy { delegate: d.coldkey().into(), proxy_type: d.proxy_type(), delay: d.pick(&[0, 0, 1, 3]) },
            RemoveProxy {
                delegate: d.proxied().1.delegate.into(),
                proxy_type: d.last_proxied.1.proxy_type,
                delay: d.last_proxied.1.delay,
            },
            RemoveProxies {},
            CreatePure { proxy_type: d.proxy_type(), delay: 0, index: d.pick(&[0, 1]) },
            KillPure {
                spawner: super::spawner().into(),
                proxy_type: ProxyType::Any,
                index: d.pick(&[0, 0, 0, 1]),
                height: 1,
                ext_index: 1,
            },
            Announce { real: d.proxied().0.into(), call_hash: hash_of(&known(d.below(4))) },
            RemoveAnnouncement { real: d.announced().1.real.into(), call_hash: d.last_announced.1.call_hash },
            RejectAnnouncement { delegate: d.announced().0.into(), call_hash: d.last_announced.1.call_hash },
            ProxyAnnounced {
                delegate: d.announced().0.into(),
                real: d.last_announced.1.real.into(),
                force_proxy_type: None,
                call: Box::new(super::announced_call(&d.last_announced.1.call_hash)),
            },
            PokeDeposit {},
            SetRealPaysFee { delegate: d.proxied().1.delegate.into(), pays_fee: d.flag() },
        }
    }
}

pub(super) mod multisigs {
    use super::super::dice::Dice;
    use super::super::draw::generators;
    use super::{boxed, hash_of, known, weight};
    use chain::call::multisig::Call;
    use chain::types::Timepoint;

    generators! {
        Call, d {
            AsMultiThreshold1 { other_signatories: d.others(), call: boxed(d) },
            AsMulti {
                threshold: d.threshold(),
                other_signatories: d.others(),
                maybe_timepoint: d.timepoint(),
                call: Box::new(known(d.shared.1)),
                max_weight: weight(d),
            },
            ApproveAsMulti {
                threshold: d.threshold(),
                other_signatories: d.others(),
                maybe_timepoint: d.timepoint(),
                call_hash: hash_of(&known(d.shared.1)),
                max_weight: weight(d),
            },
            CancelAsMulti {
                threshold: d.threshold(),
                other_signatories: d.others(),
                timepoint: d.timepoint().unwrap_or(Timepoint { height: 1, index: 0 }),
                call_hash: hash_of(&known(d.shared.1)),
            },
            PokeDeposit {
                threshold: d.threshold(),
                other_signatories: d.others(),
                call_hash: hash_of(&known(d.shared.1)),
            },
        }
    }
}

fn boxed(dice: &mut Dice<'_>) -> Box<RuntimeCall> {
    Box::new(call(dice))
}

fn calls(dice: &mut Dice<'_>) -> Vec<RuntimeCall> {
    (0..dice.below(4)).map(|_| call(dice)).collect()
}

fn weight(dice: &mut Dice<'_>) -> Weight {
    Weight { ref_time: dice.pick(&[0, u64::MAX, u64::MAX, u64::MAX]), proof_size: 0 }
}

fn origin(dice: &mut Dice<'_>) -> Box<OriginCaller> {
    Box::new(OriginCaller::System(match dice.below(4) {
        0 => RawOrigin::Root,
        1 => RawOrigin::None,
        _ => RawOrigin::Signed(dice.coldkey()),
    }))
}

/// Calls of which an account without a key, or one that has only heard their hash, can know.
fn known(number: u64) -> RuntimeCall {
    let dest = AccountId::from_number(COLDKEYS.start);
    match number {
        0 => UtilityCall::Batch { calls: Vec::new() }.into(),
        1 => BalancesCall::TransferAllowDeath { dest: dest.into(), value: Rao(TAO) }.into(),
        2 => {
            let (hotkey, netuid) = (AccountId::from_number(HOTKEYS.start), NetUid(2));
            subtensor::Call::AddStake { hotkey, netuid, amount_staked: Rao(TAO) }.into()
        }
        _ => proxy::Call::RemoveProxies.into(),
    }
}

fn hash_of(call: &RuntimeCall) -> [u8; 32] {
    blake2_256(&call.encode())
}

fn announced_call(hash: &[u8; 32]) -> RuntimeCall {
    (0..4).map(known).find(|call| hash_of(call) == *hash).unwrap_or_else(|| known(0))
}

/// Who makes a pure account in the first extrinsic of a world.
pub(super) fn spawner() -> AccountId {
    AccountId::from_number(COLDKEYS.start + 3)
}

/// The account of `create_pure`; `when` is block and extrinsic.
pub(super) fn pure_account(spawner: &AccountId, of: ProxyType, index: u16, when: (u32, u32)) -> AccountId {
    AccountId::new(blake2_256(&(b"modlpy/proxy____", spawner, when.0, when.1, of, index).encode()))
}

/// The signatories, in the order of their bytes.
fn signatories() -> Vec<AccountId> {
    let mut all: Vec<_> =
        (0..SIGNATORIES).map(|place| AccountId::from_number(COLDKEYS.start + place)).collect();
    all.sort_by_key(|who| *who.bytes());
    all
}

/// The account that the signatories share.
pub(super) fn shared_account(threshold: u16) -> AccountId {
    AccountId::new(blake2_256(&(b"modlpy/utilisuba", signatories(), threshold).encode()))
}

/// Who may send a call of `Proxy`; exhaustive.
pub(super) fn fitting_proxy(dice: &mut Dice<'_>, call: &proxy::Call) -> Sender {
    use proxy::Call as P;
    Sender::Signed(match call {
        P::Proxy { .. } | P::Announce { .. } => dice.last_proxied.1.delegate,
        P::RemoveProxy { .. } | P::SetRealPaysFee { .. } => dice.last_proxied.0,
        P::RemoveAnnouncement { .. } => dice.last_announced.0,
        P::RejectAnnouncement { .. } => dice.last_announced.1.real,
        P::KillPure { spawner, proxy_type, index, height, ext_index } => {
            pure_account(spawner, *proxy_type, *index, (*height, *ext_index))
        }
        P::AddProxy { .. }
        | P::RemoveProxies
        | P::CreatePure { .. }
        | P::ProxyAnnounced { .. }
        | P::PokeDeposit => dice.coldkey(),
    })
}

/// Who may send a call of `Multisig`: the signatory that it does not name.
pub(super) fn fitting_multisig(call: &multisig::Call) -> Sender {
    use multisig::Call as M;
    let (M::AsMultiThreshold1 { other_signatories, .. }
    | M::AsMulti { other_signatories, .. }
    | M::ApproveAsMulti { other_signatories, .. }
    | M::CancelAsMulti { other_signatories, .. }
    | M::PokeDeposit { other_signatories, .. }) = call;
    let missing = signatories().into_iter().find(|who| !other_signatories.contains(who));
    Sender::Signed(missing.unwrap_or_else(|| AccountId::from_number(COLDKEYS.start)))
}

/// The sudo key, or root where there is none.
pub(super) fn fitting_sudo(dice: &mut Dice<'_>) -> Sender {
    match dice.state.globals.sudo_key {
        Some(key) if dice.below(8) > 0 => Sender::Signed(key),
        _ => Sender::Root,
    }
}

/// Root where only root may, else a coldkey.
pub(super) fn fitting_utility(dice: &mut Dice<'_>, call: &UtilityCall) -> Sender {
    match call {
        UtilityCall::DispatchAs { .. }
        | UtilityCall::DispatchAsFallible { .. }
        | UtilityCall::WithWeight { .. } => Sender::Root,
        UtilityCall::Batch { .. }
        | UtilityCall::AsDerivative { .. }
        | UtilityCall::BatchAll { .. }
        | UtilityCall::ForceBatch { .. }
        | UtilityCall::IfElse { .. } => Sender::Signed(dice.coldkey()),
    }
}

/// What rows say was deposited lies reserved; more may, where the proxies of a pure account went before it did.
pub(super) fn deposits_are_reserved(state: &State) -> Result<(), String> {
    let proxies = state.proxy.proxies.values().map(|row| row.1);
    let announcements = state.proxy.announcements.values().map(|row| row.1);
    let multisigs = state.multisigs.values().map(|waiting| waiting.deposit);
    let deposited: u64 = proxies.chain(announcements).chain(multisigs).map(Rao::get).sum();
    let reserved: u64 = state.balances.accounts.values().map(|row| row.data.reserved.get()).sum();
    if deposited <= reserved {
        return Ok(());
    }
    Err(format!("{deposited} rao were deposited and {reserved} are reserved"))
}

impl Dice<'_> {
    /// A proxy that there is, if there is one.
    fn proxied(&mut self) -> (AccountId, chain::types::ProxyDefinition) {
        let rows = self.state.proxy.proxies.iter();
        let all: Vec<_> = rows.flat_map(|(real, row)| row.0.iter().map(|proxy| (*real, *proxy))).collect();
        if !all.is_empty() {
            self.last_proxied = self.pick(&all);
        }
        self.last_proxied
    }
    /// An announcement that there is, if there is one.
    fn announced(&mut self) -> (AccountId, chain::types::Announcement) {
        let rows = self.state.proxy.announcements.iter();
        let all: Vec<_> = rows.flat_map(|(who, row)| row.0.iter().map(|entry| (*who, *entry))).collect();
        if !all.is_empty() {
            self.last_announced = self.pick(&all);
        }
        self.last_announced
    }
    fn forced(&mut self) -> Option<ProxyType> {
        let fitting = self.last_proxied.1.proxy_type;
        self.pick(&[None, None, Some(fitting), Some(ProxyType::Staking)])
    }
    fn proxy_type(&mut self) -> ProxyType {
        use ProxyType as T;
        self.pick(&[
            T::Any,
            T::Any,
            T::NonTransfer,
            T::Staking,
            T::Owner,
            T::Transfer,
            T::NonCritical,
            T::Senate,
        ])
    }
    /// How many signatories must approve; the call is drawn with it.
    fn threshold(&mut self) -> u16 {
        self.shared = (self.pick(&[2, 2, 2, 3, 1]), self.below(4));
        self.shared.0
    }
    fn others(&mut self) -> Vec<AccountId> {
        let mut all = signatories();
        all.remove(usize::try_from(self.below(SIGNATORIES)).unwrap());
        all
    }
    /// The first approval of the call, if it waits.
    fn timepoint(&mut self) -> Option<Timepoint> {
        let key = (shared_account(self.shared.0), hash_of(&known(self.shared.1)));
        self.state.multisigs.get(&key).map(|waiting| waiting.when)
    }
}

#[test]
fn a_deposit_that_nobody_holds_is_found() {
    let mut state = chain::genesis::Genesis::new().state;
    assert_eq!(deposits_are_reserved(&state), Ok(()));
    state.proxy_mut().announcements.insert(spawner(), (Vec::new(), Rao(1)));
    assert_eq!(deposits_are_reserved(&state), Err("1 rao were deposited and 0 are reserved".to_owned()));
}
