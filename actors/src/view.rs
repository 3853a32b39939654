//! What a participant sees of the chain: the last sealed block.

use crate::context::Keys;
use crate::participant::Intent;
use chain::account::AccountId;
use chain::block::Sealed;
use chain::event::{BalancesEvent, Event};
use chain::state::{State, Subnet};
use chain::units::{BlockNumber, NetUid, Rao, Uid};
use std::ops::Deref;
use std::sync::Arc;

/// The last sealed block. Immutable; the next block gives another view.
#[derive(Clone, Debug)]
pub struct ChainView {
    sealed: Sealed,
    intents: Arc<Vec<Option<Intent>>>,
}

/// TAO that moved between two accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// From whom.
    pub from: AccountId,
    /// To whom.
    pub to: AccountId,
    /// How much.
    pub amount: Rao,
    /// What for, as the payer has it; `None` when the payer is not of the cast.
    pub intent: Option<Intent>,
}

impl ChainView {
    /// The view of a block. `intents` says what each extrinsic of it is for, in their order; `None` where it is
    /// not of the cast.
    #[must_use]
    pub const fn new(sealed: Sealed, intents: Arc<Vec<Option<Intent>>>) -> Self {
        Self { sealed, intents }
    }
    /// What each extrinsic of the block is for, in their order.
    #[must_use]
    pub fn intents(&self) -> &[Option<Intent>] {
        &self.intents
    }
    fn intent(&self, extrinsic: Option<u32>) -> Option<Intent> {
        let place = usize::try_from(extrinsic?).ok()?;
        self.intents.get(place).copied().flatten()
    }
    /// The block.
    #[must_use]
    pub const fn sealed(&self) -> &Sealed {
        &self.sealed
    }
    /// The state after the block.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.sealed.state
    }
    /// The block's height.
    #[must_use]
    pub const fn block(&self) -> BlockNumber {
        self.sealed.state.block
    }
    /// The next nonce of an account.
    #[must_use]
    pub fn nonce(&self, account: &AccountId) -> u32 {
        self.state().balances.accounts.get(account).map_or(0, |row| row.nonce)
    }
    /// Free TAO of an account.
    #[must_use]
    pub fn free(&self, account: &AccountId) -> Rao {
        self.state().balances.accounts.get(account).map_or(Rao::ZERO, |row| row.data.free)
    }
    /// A registered subnet.
    #[must_use]
    pub fn subnet(&self, netuid: NetUid) -> Option<&Subnet> {
        self.state().subnet(netuid).filter(|subnet| subnet.added)
    }
    /// The uid of a hotkey on a subnet.
    #[must_use]
    pub fn uid(&self, netuid: NetUid, hotkey: &AccountId) -> Option<Uid> {
        self.subnet(netuid)?.neurons.uid_of(hotkey)
    }
    /// Whether these keys hold any stake on a subnet.
    #[must_use]
    pub fn has_stake(&self, netuid: NetUid, keys: &Keys) -> bool {
        let store = self.state().subnet(netuid).and_then(|subnet| subnet.stake.get(&keys.hot));
        store.is_some_and(|store| store.shares.get(&keys.cold).is_some())
    }
    /// Plain transfers of the block, in order.
    pub fn payments(&self) -> impl Iterator<Item = Payment> + '_ {
        self.sealed.events.iter().filter_map(|record| match &record.event {
            Event::Balances(BalancesEvent::Transfer { from, to, amount }) => {
                let intent = self.intent(record.extrinsic);
                Some(Payment { from: *from, to: *to, amount: *amount, intent })
            }
            _ => None,
        })
    }
}

impl Deref for ChainView {
    type Target = Sealed;
    fn deref(&self) -> &Sealed {
        &self.sealed
    }
}
