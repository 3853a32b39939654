//! One question to all miners, and what came of it.

use crate::mechanism::{Measured, Mechanism, RejectReason, Score};
use crate::message::{Answer, Payload, Peer};
use crate::plan::ActorId;
use chain::units::{BlockNumber, Rao};
use parity_scale_codec::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};

/// Who ordered a round.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Client {
    /// The user.
    pub user: ActorId,
    /// Its number of the request.
    pub request: u64,
    /// What it paid.
    pub fee: Rao,
}

/// One question to all miners.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Round {
    /// Block in which it was asked.
    pub block: BlockNumber,
    /// The text.
    pub text: Payload,
    /// Who was asked.
    pub asked: Vec<Peer>,
    /// Worth of each answer so far, billionths.
    pub worth: BTreeMap<Peer, u64>,
    /// Of whom it is known that they will not answer.
    pub silent: BTreeSet<Peer>,
    /// The best answer so far: what it saved, billionths; its declared cost; its author.
    pub best: Option<(u64, u32, Peer, Answer)>,
    /// Who ordered it, if it is not the validator's own.
    pub client: Option<Client>,
}

impl Round {
    /// A question just asked.
    #[must_use]
    pub const fn new(block: BlockNumber, text: Payload, asked: Vec<Peer>, client: Option<Client>) -> Self {
        Self { block, text, asked, worth: BTreeMap::new(), silent: BTreeSet::new(), best: None, client }
    }

    /// Whether an answer of this miner is still awaited.
    #[must_use]
    pub fn awaits(&self, miner: Peer) -> bool {
        self.asked.contains(&miner) && !self.worth.contains_key(&miner) && !self.silent.contains(&miner)
    }

    /// Whether everyone has answered, or will not.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.worth.len().saturating_add(self.silent.len()) == self.asked.len()
    }

    /// What stays open when the round is closed for the cast: the same question to the outsiders whose answers are still
    /// on their way. `None` when there are none.
    #[must_use]
    pub fn split_off_outside(&mut self) -> Option<Self> {
        let late = |party: &Peer| party.cast().is_none() && self.awaits(*party);
        let (open, asked): (Vec<_>, Vec<_>) = self.asked.iter().partition(|party| late(party));
        if open.is_empty() {
            return None;
        }
        self.asked = asked;
        Some(Self::new(self.block, self.text.clone(), open, None))
    }

    /// Takes a judged answer. Of two that save the same, the cheaper one is better, then the earlier in the cast.
    pub fn take(&mut self, miner: Peer, answer: &Answer, verdict: &Result<Score, RejectReason>) {
        let Ok(score) = verdict else {
            self.worth.insert(miner, 0);
            return;
        };
        self.worth.insert(miner, score.value);
        let better = self.best.as_ref().is_none_or(|(saved, cost, author, _)| {
            (score.saved, std::cmp::Reverse(score.cost), std::cmp::Reverse(miner))
                > (*saved, std::cmp::Reverse(*cost), std::cmp::Reverse(*author))
        });
        if better {
            self.best = Some((score.saved, score.cost, miner, answer.clone()));
        }
    }
}

/// Answers judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Tally {
    /// Answers that were right in every byte.
    pub ok: u64,
    /// Answers that were wrong.
    pub bad: u64,
    /// Questions without an answer.
    pub missing: u64,
    /// Upper number of the mechanism's figure of quality.
    gained: u64,
    /// Lower number of the mechanism's figure of quality.
    given: u64,
    /// The last verdict in words.
    pub last: String,
}

impl Tally {
    /// Counts a judged answer.
    pub fn count(
        &mut self,
        market: &dyn Mechanism,
        text: &Payload,
        answer: &Answer,
        verdict: &Result<Score, RejectReason>,
    ) {
        self.measure(market.measure(text, Some((answer, verdict))));
        match verdict {
            Ok(_) => {
                self.ok = self.ok.saturating_add(1);
                self.last = market.describe(text, answer);
            }
            Err(flaw) => {
                self.bad = self.bad.saturating_add(1);
                self.last = format!("the answer {flaw}");
            }
        }
    }

    /// Counts a question without an answer.
    pub fn missed(&mut self, market: &dyn Mechanism, text: &Payload) {
        self.measure(market.measure(text, None));
        self.missing = self.missing.saturating_add(1);
        "no answer".clone_into(&mut self.last);
    }

    fn measure(&mut self, measured: Measured) {
        self.gained = self.gained.saturating_add(measured.gained);
        self.given = self.given.saturating_add(measured.given);
    }

    /// Adds another count of the same miner.
    pub fn add(&mut self, other: &Self) {
        self.ok = self.ok.saturating_add(other.ok);
        self.bad = self.bad.saturating_add(other.bad);
        self.missing = self.missing.saturating_add(other.missing);
        self.measure(Measured { gained: other.gained, given: other.given });
        if !other.last.is_empty() {
            self.last.clone_from(&other.last);
        }
    }

    /// The mechanism's figure of quality. **Units**: thousandths of [`Quality::unit`](crate::mechanism::Quality::unit);
    /// 0 without any answer to judge by.
    #[must_use]
    pub fn quality_milli(&self) -> u64 {
        self.gained.saturating_mul(1_000).checked_div(self.given).unwrap_or(0)
    }
}
