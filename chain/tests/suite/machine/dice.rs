//! Random values that often make sense on the state they are drawn for.

use super::wrapped;
use chain::account::AccountId;
use chain::runtime::shares;
use chain::state::State;
use chain::types::{Announcement, Data, ProxyDefinition, ProxyType, RootClaimTypeEnum};
use chain::units::{NetUid, TAO};
use std::collections::BTreeSet;

/// Coldkeys with TAO.
pub(super) const COLDKEYS: std::ops::Range<u64> = 100..108;
/// Hotkeys; the owner of one is known by the state.
pub(super) const HOTKEYS: std::ops::Range<u64> = 200..214;

/// A stream of random values, and what was drawn last.
#[derive(Debug)]
pub(super) struct Dice<'s> {
    seed: u64,
    pub(super) state: &'s State,
    hotkey: AccountId,
    netuid: NetUid,
    /// A real account and a proxy of it.
    pub(super) last_proxied: (AccountId, ProxyDefinition),
    /// A proxy and what it announced.
    pub(super) last_announced: (AccountId, Announcement),
    /// How many signatories must approve, and which call.
    pub(super) shared: (u16, u64),
}

impl<'s> Dice<'s> {
    pub(super) fn new(seed: u64, state: &'s State) -> Self {
        let (real, delegate) =
            (AccountId::from_number(COLDKEYS.start), AccountId::from_number(COLDKEYS.start + 1));
        let proxy = ProxyDefinition { delegate, proxy_type: ProxyType::Any, delay: 0 };
        Self {
            seed,
            state,
            hotkey: AccountId::from_number(HOTKEYS.start),
            netuid: NetUid(2),
            last_proxied: (real, proxy),
            last_announced: (delegate, Announcement { real, call_hash: [0; 32], height: 1 }),
            shared: (2, 0),
        }
    }

    /// The next number of splitmix64.
    pub(super) fn next(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
    pub(super) fn flag(&mut self) -> bool {
        self.below(2) == 0
    }
    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
    /// Zero, but for one of four times.
    pub(super) fn rarely(&mut self, value: u64) -> u64 {
        if self.below(4) == 0 { value } else { 0 }
    }
    pub(super) fn rarely_u32(&mut self, value: u32) -> u32 {
        if self.below(4) == 0 { value } else { 0 }
    }
    pub(super) fn u8(&mut self) -> u8 {
        self.pick(&[0, 1, 2, 4, 255])
    }
    pub(super) fn u16(&mut self) -> u16 {
        self.pick(&[0, 1, 2, 10, 360, 1_638, 32_767, 45_875, 58_982, 65_535])
    }
    pub(super) fn number(&mut self) -> u64 {
        self.pick(&[0, 1, 2, 5, 100, 10_000, 900_000, 1_000_000_000, u64::MAX])
    }

    pub(super) fn netuid(&mut self) -> NetUid {
        self.netuid = NetUid(self.pick(&[0, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 9]));
        self.netuid
    }
    pub(super) fn maybe_netuid(&mut self) -> Option<NetUid> {
        if self.flag() { Some(self.netuid()) } else { None }
    }
    pub(super) fn netuids(&mut self) -> BTreeSet<NetUid> {
        (0..self.below(4)).map(|_| self.netuid()).collect()
    }
    pub(super) fn hotkey(&mut self) -> AccountId {
        self.hotkey = AccountId::from_number(HOTKEYS.start + self.below(HOTKEYS.end - HOTKEYS.start));
        self.hotkey
    }
    pub(super) fn other_hotkey(&mut self) -> AccountId {
        let other = self.below(HOTKEYS.end - HOTKEYS.start + 2);
        AccountId::from_number(HOTKEYS.start + other)
    }
    pub(super) fn coldkey(&mut self) -> AccountId {
        AccountId::from_number(COLDKEYS.start + self.below(COLDKEYS.end - COLDKEYS.start))
    }
    pub(super) fn anybody(&mut self) -> AccountId {
        self.account(false)
    }
    /// Anybody, or an account that nobody signs for.
    pub(super) fn receiver(&mut self) -> AccountId {
        self.account(true)
    }
    fn account(&mut self, receives: bool) -> AccountId {
        match self.below(12) {
            0 => AccountId::from_number(self.below(3)),
            1 if receives => chain::runtime::tao::subnet_account(self.netuid),
            2 if receives => wrapped::shared_account(self.pick(&[1, 2, 3])),
            1..6 => self.other_hotkey(),
            _ => self.coldkey(),
        }
    }
    pub(super) fn last_hotkey(&self) -> AccountId {
        self.hotkey
    }
    pub(super) fn owner_of_last_hotkey(&mut self) -> AccountId {
        let staking = shares::pool(self.state, &self.hotkey, self.netuid);
        let nominator = staking.and_then(|pool| pool.shares.keys().last().copied());
        let owner = self.state.owner_of(&self.hotkey);
        let known = if self.below(3) == 0 { nominator.or(owner) } else { owner };
        known.unwrap_or_else(|| self.coldkey())
    }
    pub(super) fn owner_of_last_subnet(&mut self) -> AccountId {
        let owner = self.state.subnet(self.netuid).filter(|subnet| subnet.has_owner);
        owner.map(|subnet| subnet.owner).unwrap_or_else(|| self.coldkey())
    }

    /// An amount of any size; sometimes just what the last hotkey has.
    pub(super) fn amount(&mut self) -> u64 {
        let stake = shares::hotkey_stake(self.state, &self.hotkey, self.netuid).get();
        match self.below(12) {
            0 => self.pick(&[0, 1, 499, 500, 501, 1_999_999, 2_000_000, 2_001_007, 2_100_000]),
            1 => stake,
            2 => stake / 2,
            3 => stake.saturating_sub(self.below(3)),
            4 => self.pick(&[u64::MAX, u64::MAX >> 1, 1 << 50]),
            5 => self.below(10_000_000),
            6 => self.below(20_000 * TAO),
            _ => self.below(100 * TAO),
        }
    }
    pub(super) fn price(&mut self) -> u64 {
        self.pick(&[0, 1, 1_000, 1_000_000, 500_000_000, TAO, 2 * TAO, 1_000 * TAO, u64::MAX])
    }
    pub(super) fn limit(&mut self) -> Option<chain::units::Rao> {
        if self.flag() { Some(chain::units::Rao(self.price())) } else { None }
    }

    pub(super) fn bytes(&mut self) -> Vec<u8> {
        let length = self.pick(&[0, 1, 32, 65, 300, 1_025]);
        let byte = self.u8();
        vec![byte; length]
    }
    pub(super) fn fields(&mut self) -> Vec<Data> {
        let data = |dice: &mut Self| vec![dice.u8(); dice.pick(&[0, 1, 32, 128])];
        (0..self.below(5)).map(|_| Data::Raw(data(self))).collect()
    }
    pub(super) fn symbol(&mut self) -> Vec<u8> {
        self.pick(&["α", "β", "γ", "Τ", "nonsense"]).into()
    }
    pub(super) fn hash(&mut self) -> [u8; 32] {
        [self.u8(); 32]
    }
    pub(super) fn ip(&mut self) -> u128 {
        self.pick(&[0, 0x0808_0808, 0x7f00_0001, u128::MAX])
    }
    pub(super) fn uids(&mut self) -> Vec<u16> {
        let length = self.below(4);
        if self.below(8) == 0 { vec![0, 0] } else { (0..).take(usize::try_from(length).unwrap()).collect() }
    }
    pub(super) fn u16s(&mut self) -> Vec<u16> {
        (0..self.below(4)).map(|_| self.u16()).collect()
    }
    pub(super) fn salt(&mut self) -> Vec<u16> {
        vec![1; 8]
    }
    pub(super) fn children(&mut self) -> Vec<(u64, AccountId)> {
        let share = |dice: &mut Self| dice.pick(&[0, 1, 1 << 60, 1 << 62, 1 << 63, u64::MAX]);
        (0..self.below(4)).map(|_| (share(self), self.other_hotkey())).collect()
    }
    pub(super) fn claim_type(&mut self) -> RootClaimTypeEnum {
        match self.below(3) {
            0 => RootClaimTypeEnum::Swap,
            1 => RootClaimTypeEnum::Keep,
            _ => RootClaimTypeEnum::KeepSubnets { subnets: self.netuids() },
        }
    }
    pub(super) fn split(&mut self) -> Option<Vec<u16>> {
        match self.below(4) {
            0 => None,
            1 => Some(vec![65_535]),
            2 => Some(vec![40_000, 25_535]),
            _ => Some(vec![1, 2]),
        }
    }
}
