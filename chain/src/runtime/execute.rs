//! A block, from its opening to its seal.
//!
//! [`Runtime::execute_block`] is `begin_block`, then `apply_extrinsic` for each, then `end_block`. The phases are
//! public since a conformance run writes raw storage between the calls of one block.

use super::dispatch::{self, Origin};
use super::exec::Filter;
use super::room::Room;
use super::{
    BASE_EXTRINSIC, Buffers, CallInfo, Env, Exec, PostInfo, block_step, call_info, calls, fees, validity,
};
use crate::account::AccountOrder;
use crate::block::{
    BlockInput, BlockOutcome, Extrinsic, Failure, Hash, InvalidTransaction, Receipt, SignedExtrinsic,
};
use crate::call::{DispatchClass, DispatchEventInfo, Pays, RuntimeCall, Weight};
use crate::economics;
use crate::error::DispatchOutcome;
use crate::event::{EventRecord, SystemEvent};
use crate::invariants::{Checker, Fact, Payment, left_behind};
use crate::state::State;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};

/// What is a matter of choice in the rules. Plain data: it is part of genesis.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rules {
    /// What a signed extrinsic pays.
    pub fees: fees::FeePolicy,
    /// Whether signatures are checked. A run in which every extrinsic is made inside the process may do without.
    pub check_signatures: bool,
    /// Whether `faucet` pays for work; the real chain has it on development networks only.
    pub pow_faucet: bool,
    /// The constants of the build.
    pub constants: Constants,
    /// What a new subnet begins with.
    pub newborn: SubnetDefaults,
}

/// What a new subnet begins with, where networks differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SubnetDefaults {
    /// `Tempo`, blocks: 360, or 10 on chains with fast blocks.
    pub tempo: u16,
    /// `CommitRevealWeightsEnabled`.
    pub commit_reveal: bool,
    /// Whether weights are set and axons served no more often than the chain's own limits allow; with false both limits
    /// are 0.
    pub rate_limited: bool,
}

impl Default for SubnetDefaults {
    fn default() -> Self {
        Self { tempo: 360, commit_reveal: true, rate_limited: true }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            fees: fees::FeePolicy::default(),
            check_signatures: true,
            pow_faucet: false,
            constants: Constants::PRODUCTION,
            newborn: SubnetDefaults::default(),
        }
    }
}

/// Constants that the real chain's code has by its build, not in storage. **Units**: blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Constants {
    /// Between two changes of a hotkey's children on a subnet.
    pub set_children_interval: u64,
    /// Between two swaps of a coldkey's hotkeys on a subnet (`HotkeySwapOnSubnetInterval`).
    pub hotkey_swap_interval: u64,
    /// Between an owner's changes of mechanisms, each kind by itself.
    pub mechanism_interval: u64,
    /// Between an owner's trims of uids.
    pub trim_interval: u64,
    /// Least duration of a crowdloan (`MinimumBlockDuration`).
    pub crowdloan_min: u32,
    /// Longest duration of a crowdloan (`MaximumBlockDuration`).
    pub crowdloan_max: u32,
}

impl Constants {
    /// Those of the main network.
    pub const PRODUCTION: Self = Self {
        set_children_interval: 150,
        hotkey_swap_interval: 7_200,
        mechanism_interval: 7_200,
        trim_interval: 216_000,
        crowdloan_min: 50_400,
        crowdloan_max: 432_000,
    };
    /// Those of a build for fast blocks (`fast-runtime`).
    pub const FAST: Self = Self {
        set_children_interval: 150,
        hotkey_swap_interval: 1,
        mechanism_interval: 1,
        trim_interval: 1,
        crowdloan_min: 50,
        crowdloan_max: 20_000,
    };
}

/// Executes blocks. It holds no state of the chain, only rules and memory that is used again.
#[derive(Debug, Default)]
pub struct Runtime {
    /// The rules.
    pub rules: Rules,
    /// The genesis that signatures must name.
    pub genesis: Hash,
    buffers: Buffers,
    checker: Option<Checker>,
    account_order: AccountOrder,
}

/// A block that was opened and not yet sealed.
#[derive(Debug)]
pub struct OpenBlock {
    env: Env,
    events: Vec<EventRecord>,
    receipts: Vec<Receipt>,
    /// How many extrinsics were dispatched so far.
    dispatched: u32,
    /// What the signed extrinsics so far left room for.
    room: Room,
    /// Weight and payment that the last extrinsic reported after dispatch.
    post: PostInfo,
    /// The state before the block and what the rules tell of themselves, while somebody checks.
    witness: Option<(State, Vec<Fact>)>,
}

impl OpenBlock {
    /// The block's own facts.
    pub fn env(&self) -> &Env {
        &self.env
    }
    /// Events so far, in emission order.
    pub fn events(&self) -> &[EventRecord] {
        &self.events
    }
    /// Weight and payment that the last extrinsic reported after dispatch.
    pub fn post(&self) -> PostInfo {
        self.post
    }
    /// Receipts so far, in the order of the extrinsics.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }
}

impl From<&BlockInput> for Env {
    fn from(input: &BlockInput) -> Self {
        Self {
            number: input.number,
            timestamp_ms: input.timestamp_ms,
            parent_hash: input.parent_hash,
            lottery: input.lottery,
            author: input.author,
        }
    }
}

impl Runtime {
    /// A runtime for the chain of this genesis.
    pub fn new(rules: Rules, genesis: Hash) -> Self {
        Self {
            rules,
            genesis,
            buffers: Buffers::new(),
            checker: None,
            account_order: AccountOrder::default(),
        }
    }

    /// The same, sorting accounts in another order than the chain's: for data that was recorded so.
    #[must_use]
    pub fn sorting(self, account_order: AccountOrder) -> Self {
        Self { account_order, ..self }
    }

    /// The same, with a checker that sees every block; it must stand at the state of the next block's parent.
    #[must_use]
    pub fn checked(self, checker: Checker) -> Self {
        Self { checker: Some(checker), ..self }
    }

    /// The checker, as it stands after the last block.
    pub const fn checker(&self) -> Option<&Checker> {
        self.checker.as_ref()
    }

    /// Takes a raw write to storage inside an open block as it is; see [`Checker::raw_write`].
    pub fn raw_write(&mut self, before: &State, after: &State) {
        if let Some(checker) = &mut self.checker {
            checker.raw_write(before, after);
        }
    }

    /// Executes a block: the block step, then every extrinsic in the given order.
    pub fn execute_block(&mut self, state: &mut State, input: &BlockInput) -> BlockOutcome {
        let mut block = self.begin_block(state, input.into());
        for extrinsic in &input.extrinsics {
            self.apply_extrinsic(state, &mut block, extrinsic);
        }
        self.end_block(state, block)
    }

    /// Opens a block: sets its number and runs the block step (prices, mint, reveals, coinbase, epochs, claims),
    /// then opens timelocked commitments.
    pub fn begin_block(&mut self, state: &mut State, env: Env) -> OpenBlock {
        let before = self.checker.is_some().then(|| state.clone());
        state.block = env.number;
        if self.rules.pow_faucet {
            calls::faucet::remember_parent(state, env.number, env.parent_hash);
        }
        let mut exec = Exec {
            facts: before.is_some().then(Vec::new),
            constants: self.rules.constants,
            ..Exec::new(state, &env)
        };
        block_step(&mut exec, &mut self.buffers);
        calls::commitments::reveal_timelocked(&mut exec);
        calls::shield::open_pending(&mut exec);
        let (events, facts) = (exec.events, exec.facts);
        OpenBlock {
            env,
            events,
            receipts: Vec::new(),
            dispatched: 0,
            room: Room::default(),
            post: PostInfo::default(),
            witness: before.zip(facts),
        }
    }

    /// Validates and dispatches one extrinsic. An invalid one leaves no trace; a failed one leaves its fee and its
    /// nonce.
    pub fn apply_extrinsic(
        &mut self,
        state: &mut State,
        block: &mut OpenBlock,
        extrinsic: &Extrinsic,
    ) -> Receipt {
        let index = u32::try_from(block.receipts.len()).unwrap_or(u32::MAX);
        let mut exec = Exec {
            state,
            env: &block.env,
            events: std::mem::take(&mut block.events),
            extrinsic: Some(index),
            place: block.dispatched.saturating_add(1),
            filter: Filter::default(),
            pow_faucet: self.rules.pow_faucet,
            constants: self.rules.constants,
            newborn: self.rules.newborn,
            post: PostInfo::default(),
            account_order: self.account_order,
            facts: block.witness.as_mut().map(|(_, facts)| std::mem::take(facts)),
        };
        let receipt = self.apply(&mut exec, &mut block.room, extrinsic);
        block.events = exec.events;
        block.post = exec.post;
        if let (Some(facts), Some((_, kept))) = (exec.facts, &mut block.witness) {
            *kept = facts;
        }
        if !matches!(receipt.result, Err(Failure::Invalid(_))) {
            block.dispatched = block.dispatched.saturating_add(1);
        }
        block.receipts.push(receipt.clone());
        receipt
    }

    /// Whether an extrinsic could be dispatched in the block of `env` on top of a state, once the nonces before its own
    /// are used.
    ///
    /// # Errors
    /// Why not.
    pub fn validate(
        &self,
        state: &State,
        env: &Env,
        signed: &SignedExtrinsic,
    ) -> Result<validity::Validity, InvalidTransaction> {
        let mut state = state.clone();
        let known = state.balances.accounts.get(&signed.signer).copied().unwrap_or_default();
        if signed.nonce > known.nonce {
            let row = state.balances.accounts.or_insert_with(signed.signer, || known);
            row.nonce = signed.nonce;
        }
        let admitted = validity::admit(&mut Exec::new(&mut state, env), signed, self)?;
        Ok(validity::Validity::new(signed, known.nonce, env.number, admitted.info.class))
    }

    /// Whether the pool would take an unsigned extrinsic for the block of `env`.
    ///
    /// # Errors
    /// Why not.
    pub fn validate_unsigned(
        &self,
        state: &State,
        env: &Env,
        call: &RuntimeCall,
    ) -> Result<(), InvalidTransaction> {
        let mut state = state.clone();
        validity::admit_unsigned(&Exec::new(&mut state, env), call, self)?;
        if validity::takes_unsigned(call) { Ok(()) } else { Err(InvalidTransaction::NoUnsignedValidator) }
    }

    /// Seals a block.
    pub fn end_block(&mut self, state: &mut State, block: OpenBlock) -> BlockOutcome {
        let OpenBlock { events, receipts, witness, .. } = block;
        calls::proxy::forget_results(state);
        let violations = match (&mut self.checker, witness) {
            (Some(checker), Some((before, facts))) => checker.check_all(&before, state, &events, &facts),
            _ => Vec::new(),
        };
        BlockOutcome { events, receipts, violations }
    }

    fn apply(&self, exec: &mut Exec<'_>, room: &mut Room, extrinsic: &Extrinsic) -> Receipt {
        match extrinsic {
            Extrinsic::Signed(signed) => self.apply_signed(exec, room, signed),
            Extrinsic::Root(call) => unsigned(exec, Origin::Root, call, false),
            Extrinsic::Unchecked { who, call } => unsigned(exec, Origin::Signed(*who), call, false),
            Extrinsic::Unsigned(call) => match validity::admit_unsigned(exec, call, self) {
                Ok(()) => unsigned(exec, Origin::None, call, true),
                Err(invalid) => Receipt { result: Err(Failure::Invalid(invalid)), fee: Rao::ZERO },
            },
            Extrinsic::Upgrade(economics) => {
                economics::adopt(exec.state, economics);
                exec.emit(SystemEvent::CodeUpdated);
                let info = CallInfo { weight: Weight::default(), class: DispatchClass::Normal, pays: false };
                close(exec, Ok(()), Rao::ZERO, info)
            }
        }
    }

    fn apply_signed(&self, exec: &mut Exec<'_>, room: &mut Room, signed: &SignedExtrinsic) -> Receipt {
        let before = exec.mark();
        let length = signed.wire_length();
        let admitted = validity::admit(exec, signed, self);
        let admitted = admitted.and_then(|admitted| {
            let mut next = *room;
            next.take(&admitted.info, length)?;
            if admitted.is_ahead {
                return Err(InvalidTransaction::Future);
            }
            *room = next;
            Ok(admitted)
        });
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(invalid) => {
                exec.undo(before);
                return Receipt { result: Err(Failure::Invalid(invalid)), fee: Rao::ZERO };
            }
        };
        let validity::Admitted { payer, withdrawn, info, .. } = admitted;
        // Alpha is sold at once, and nothing of it comes back: what failed may leave nothing else.
        let in_alpha = matches!(withdrawn, fees::Withdrawn::Alpha { .. });
        let before = if in_alpha && exec.facts.is_some() { exec.state.clone() } else { before.state };
        let result = dispatch::dispatch(exec, Origin::Signed(signed.signer), &signed.call);
        let post = exec.post;
        room.give_back(&info, post);
        let parts = self.rules.fees.parts_after(&info, post, length);
        let fee = parts.map_or(Rao::ZERO, fees::FeeParts::sum).saturating_add(signed.tip);
        let paid = fees::settle(exec, &payer, withdrawn, fee, signed.tip);
        if result.is_err() {
            let (signer, author) = (signed.signer, exec.env.author);
            tell_left(exec, &before, (!in_alpha).then_some(Payment { signer, payer, fee: paid, author }));
        }
        let weight = post.weight(info.weight);
        close(exec, result, fee, CallInfo { weight, pays: info.pays && post.pays, ..info })
    }
}

/// Dispatches a call that pays nothing; what its event says of payment is that of the call, or that it is free.
fn unsigned(exec: &mut Exec<'_>, origin: Origin, call: &RuntimeCall, as_call: bool) -> Receipt {
    let before = exec.facts.is_some().then(|| exec.state.clone());
    let result = dispatch::dispatch(exec, origin, call);
    let (post, info) = (exec.post, call_info(call));
    if let (Err(_), Some(before)) = (&result, before) {
        tell_left(exec, &before, None);
    }
    close(
        exec,
        result,
        Rao::ZERO,
        CallInfo { weight: post.weight(info.weight), pays: as_call && info.pays && post.pays, ..info },
    )
}

/// Tells what a failed extrinsic left behind, if it is more than it may.
fn tell_left(exec: &mut Exec<'_>, before: &State, payment: Option<Payment>) {
    if exec.facts.is_none() {
        return;
    }
    if let Some(what) = left_behind(before, exec.state, payment) {
        let extrinsic = exec.extrinsic.unwrap_or_default();
        exec.tell(|| Fact::Left { extrinsic, what });
    }
}

fn close(exec: &mut Exec<'_>, result: DispatchOutcome, fee: Rao, info: CallInfo) -> Receipt {
    let CallInfo { weight, class, pays } = info;
    let weight = weight.plus(BASE_EXTRINSIC);
    let dispatch_info = DispatchEventInfo { weight, class, pays_fee: Pays::from(pays) };
    exec.emit(match &result {
        Ok(()) => SystemEvent::ExtrinsicSuccess { dispatch_info },
        Err(error) => SystemEvent::ExtrinsicFailed { error: error.clone(), dispatch_info },
    });
    Receipt { result: result.map_err(Failure::Dispatch), fee }
}
