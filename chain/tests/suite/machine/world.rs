//! Worlds to send calls to: a few subnets that run, with neurons, stakes, weights and children.

use super::dice::{COLDKEYS, Dice, HOTKEYS};
use super::wrapped;
use chain::account::AccountId;
use chain::call::{BalancesCall, RuntimeCall, SudoCall, admin_utils as admin, proxy, subtensor};
use chain::genesis::Genesis;
use chain::math::fixed::I96F32;
use chain::script::{Beginning, Sender, Sent};
use chain::types::ProxyType;
use chain::units::{NetUid, Rao, TAO};

/// Subnets of a world.
const NETUIDS: std::ops::Range<u16> = 2..5;

fn id(number: u64) -> AccountId {
    AccountId::from_number(number)
}

/// Coldkeys with much TAO, two with little.
pub(super) fn beginning() -> Beginning {
    let rich =
        COLDKEYS.map(|who| (id(who), Rao(if who < COLDKEYS.end - 2 { 200_000 * TAO } else { 3 * TAO })));
    let hot = HOTKEYS.map(|who| (id(who), Rao(TAO)));
    Beginning { balances: rich.chain(hot).collect(), author: Some(id(12_345)) }
}

fn root(call: impl Into<RuntimeCall>) -> Sent {
    Sent { by: Sender::Root, call: call.into() }
}

fn by(who: u64, call: impl Into<RuntimeCall>) -> Sent {
    Sent { by: Sender::Signed(id(who)), call: call.into() }
}

/// The calls that make a world, block by block.
pub(super) fn prelude(seed: u64) -> Vec<Vec<Sent>> {
    let state = Genesis::new().state;
    let mut dice = Dice::new(seed, &state);
    let mut blocks = vec![vec![
        // The first extrinsic of the first block: `kill_pure` names it.
        by(COLDKEYS.start + 3, proxy::Call::CreatePure { proxy_type: ProxyType::Any, delay: 0, index: 0 }),
        root(SudoCall::SetKey { new: id(COLDKEYS.start).into() }),
        root(admin::Call::SudoSetNetworkRateLimit { rate_limit: 0 }),
        root(admin::Call::SudoSetAdminFreezeWindow { window: 0 }),
        root(admin::Call::SudoSetOwnerHparamRateLimit { epochs: 0 }),
        root(admin::Call::SudoSetTxDelegateTakeRateLimit { tx_rate_limit: 0 }),
        root(admin::Call::SudoSetSubtokenEnabled { netuid: NetUid::ROOT, subtoken_enabled: true }),
        root(admin::Call::SudoSetSubnetMovingAlpha { alpha: I96F32(1 << 30) }),
        root(admin::Call::SudoSetNetworkMinLockCost { lock_cost: Rao(1_000 * TAO) }),
    ]];
    blocks.push(others_names());
    for netuid in NETUIDS {
        blocks.push(open_subnet(NetUid(netuid), &mut dice));
    }
    for netuid in NETUIDS {
        blocks.push(fill_subnet(NetUid(netuid), &mut dice));
    }
    // The index of a hotkey is its coldkey's, too.
    for place in 0..3 {
        let (cold, hotkey) = (COLDKEYS.start + place, id(HOTKEYS.start + place));
        let amount_staked = Rao(dice.below(20_000 * TAO));
        blocks.push(vec![
            by(cold, subtensor::Call::RootRegister { hotkey }),
            by(cold, subtensor::Call::AddStake { hotkey, netuid: NetUid::ROOT, amount_staked }),
        ]);
    }
    blocks
}

/// Proxies with and without a delay, and TAO for accounts that nobody has the key of.
fn others_names() -> Vec<Sent> {
    let proxy = |who, delegate, delay| {
        let (delegate, proxy_type) = (id(COLDKEYS.start + delegate), ProxyType::Any);
        by(COLDKEYS.start + who, proxy::Call::AddProxy { delegate: delegate.into(), proxy_type, delay })
    };
    let pay = |dest| by(COLDKEYS.start, BalancesCall::TransferAllowDeath { dest, value: Rao(1_000 * TAO) });
    let pure = wrapped::pure_account(&wrapped::spawner(), ProxyType::Any, 0, (1, 1));
    let mut calls = vec![proxy(0, 1, 0), proxy(1, 2, 1), proxy(2, 0, 0), pay(pure.into())];
    calls.extend([1, 2, 3].map(|threshold| pay(wrapped::shared_account(threshold).into())));
    calls
}

fn open_subnet(netuid: NetUid, dice: &mut Dice<'_>) -> Vec<Sent> {
    let place = u64::from(netuid.number() - NETUIDS.start);
    let (owner, hotkey) = (COLDKEYS.start + place, id(HOTKEYS.start + place));
    let tempo = dice.pick(&[2, 3, 5, 20]);
    let mut calls = vec![
        by(owner, subtensor::Call::RegisterNetwork { hotkey }),
        by(owner, subtensor::Call::StartCall { netuid }),
        root(admin::Call::SudoSetTempo { netuid, tempo }),
        root(admin::Call::SudoSetSubnetEmissionEnabled { netuid, enabled: true }),
        root(admin::Call::SudoSetEmaPriceHalvingPeriod { netuid, ema_halving: 1 }),
        root(admin::Call::SudoSetWeightsSetRateLimit { netuid, weights_set_rate_limit: 0 }),
        root(admin::Call::SudoSetMinAllowedUids { netuid, min_allowed_uids: 1 }),
        root(admin::Call::SudoSetImmunityPeriod { netuid, immunity_period: dice.pick(&[1, 5_000]) }),
        root(admin::Call::SudoSetMaxAllowedUids { netuid, max_allowed_uids: dice.pick(&[5, 256]) }),
        root(admin::Call::SudoSetYuma3Enabled { netuid, enabled: dice.flag() }),
        root(admin::Call::SudoSetLiquidAlphaEnabled { netuid, enabled: dice.flag() }),
    ];
    if dice.below(3) > 0 {
        calls.push(root(admin::Call::SudoSetCommitRevealWeightsEnabled { netuid, enabled: false }));
    }
    calls
}

fn fill_subnet(netuid: NetUid, dice: &mut Dice<'_>) -> Vec<Sent> {
    let mut calls = Vec::new();
    for place in 0..dice.below(7) {
        let (cold, hotkey) = (COLDKEYS.start + place % 5, id(HOTKEYS.start + place));
        calls.push(by(cold, subtensor::Call::BurnedRegister { netuid, hotkey }));
    }
    for _ in 0..3 {
        let (cold, hotkey) = (COLDKEYS.start + dice.below(6), id(HOTKEYS.start + dice.below(4)));
        // A large stake leaves the pool far off balance.
        let most = if dice.below(6) == 0 { 150_000 * TAO } else { 500 * TAO };
        let amount_staked = Rao(dice.below(most));
        calls.push(by(cold, subtensor::Call::AddStake { hotkey, netuid, amount_staked }));
    }
    let owner_hotkey = HOTKEYS.start + u64::from(netuid.number() - NETUIDS.start);
    let dests = vec![0, 1, 2];
    let weights = vec![dice.u16(), dice.u16(), 1];
    calls.push(by(owner_hotkey, subtensor::Call::SetWeights { netuid, dests, weights, version_key: 0 }));
    let children = vec![(1 << 62, id(HOTKEYS.start + 3)), (dice.next() >> 1, id(HOTKEYS.start + 4))];
    let parent = COLDKEYS.start + dice.below(3);
    let hotkey = id(HOTKEYS.start + parent - COLDKEYS.start);
    calls.push(by(parent, subtensor::Call::SetChildren { hotkey, netuid, children }));
    calls
}
