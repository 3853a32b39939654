//! Who earned what, and why.

use crate::accounting::{self, Accounting};
use crate::context::RunContext;
use crate::message::Peer;
use crate::plan::ActorId;
use crate::roles::{Actor, Tally};
use crate::seat::Seat;
use crate::view::ChainView;
use chain::units::{AlphaRao, NetUid, Rao};

/// What a participant earned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earnings {
    /// Who.
    pub actor: ActorId,
    /// Its name.
    pub name: String,
    /// Its role: owner, validator, miner or user.
    pub role: &'static str,
    /// Its subnet.
    pub netuid: NetUid,
    /// What its own stake on its subnet grew by, beyond what it bought and sold.
    pub alpha: AlphaRao,
    /// Its own stake on its subnet.
    pub held: AlphaRao,
    /// Incentive and dividends that epochs gave its hotkey, before they are shared with others.
    pub emitted: AlphaRao,
    /// Fees received for answers, after what was passed on.
    pub fees_earned: Rao,
    /// Fees paid for answers, less those sent back.
    pub fees_paid: Rao,
    /// Right answers: given by a miner, judged by a validator, received by a user.
    pub answers_ok: u64,
    /// Wrong answers, likewise.
    pub answers_bad: u64,
    /// Questions without an answer, likewise.
    pub answers_missing: u64,
    /// The mechanism's figure of quality over these answers. **Units**: thousandths of `quality_unit`; 0 without any.
    pub quality_milli: u64,
    /// Unit of the figure of quality.
    pub quality_unit: &'static str,
    /// The last thing that explains it, in words.
    pub reason: String,
}

/// The earnings of the whole cast. What a miner did is what validators found of it.
pub(crate) fn of(
    context: &RunContext,
    view: &ChainView,
    books: &Accounting,
    seats: &[Seat],
) -> Vec<Earnings> {
    seats.iter().map(|seat| one(context, view, books, seats, seat)).collect()
}

fn one(context: &RunContext, view: &ChainView, books: &Accounting, seats: &[Seat], seat: &Seat) -> Earnings {
    let mut tally = Tally::default();
    match &seat.actor {
        Actor::Owner(_) => {}
        Actor::User(user) => tally.add(user.tally()),
        Actor::Validator(validator) => {
            validator.tallies().values().for_each(|found| tally.add(found));
            validator.last().clone_into(&mut tally.last);
        }
        Actor::Miner(_) => {
            for other in seats {
                if let Actor::Validator(validator) = &other.actor
                    && let Some(found) = validator.tallies().get(&Peer::Local(seat.id))
                {
                    tally.add(found);
                }
            }
        }
    }
    let account = books.account(seat.id).cloned().unwrap_or_default();
    let role = context.member(seat.id).map(|member| &member.role);
    let market = role.and_then(|role| context.market(role.netuid()));
    Earnings {
        actor: seat.id,
        name: context.plan.name_of(seat.id).to_owned(),
        role: role.map_or("", |role| role.label()),
        netuid: role.map_or(NetUid::ROOT, |role| role.netuid()),
        alpha: books.alpha_earned(context, view, seat.id),
        held: accounting::held(context, view, seat.id),
        emitted: account.emitted,
        fees_earned: account.fees_earned,
        fees_paid: account.fees_paid,
        answers_ok: tally.ok,
        answers_bad: tally.bad,
        answers_missing: tally.missing,
        quality_milli: tally.quality_milli(),
        quality_unit: market.map_or("", |market| market.quality().unit),
        reason: tally.last,
    }
}
