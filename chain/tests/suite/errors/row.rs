//! A row of a table: a call that fails, and the same call with one thing changed, which passes.

use crate::world::{ROOT, World, id};
use chain::block::{
    BlockInput, Extrinsic, Failure, InvalidTransaction, MultiSignature, Receipt, SignedExtrinsic,
};
use chain::call::{RuntimeCall, UtilityCall};
use chain::error::DispatchError;
use chain::runtime::{Rules, Runtime};
use chain::state::{AccountInfo, State};
use chain::units::Rao;
use std::rc::Rc;

/// Who sends what comes without a signature.
pub(crate) const NOBODY: u64 = u64::MAX;

/// A change of the world before the call.
type Given = Rc<dyn Fn(&mut World)>;

/// How the neighbour differs from the call that fails.
#[derive(Clone)]
enum But {
    /// What was set up for the failure is not.
    Otherwise,
    By(u64),
    Call(Box<RuntimeCall>),
    When(Given),
    Under(Rules),
}

/// A call that fails with exactly one error, beside one that passes.
#[derive(Clone)]
pub(crate) struct Row {
    error: DispatchError,
    who: u64,
    call: RuntimeCall,
    at_the_door: Option<u8>,
    in_a_batch: bool,
    given: Vec<Given>,
    when: Option<Given>,
    but: But,
}

/// The rows of one subject and the world they all start from.
pub(crate) struct Table {
    pub(crate) world: World,
    pub(crate) rows: Vec<Row>,
}

/// A row in the making: it needs one of `when` and the `but`s.
pub(crate) fn fails(error: impl Into<DispatchError>, who: u64, call: impl Into<RuntimeCall>) -> Row {
    Row {
        error: error.into(),
        who,
        call: call.into(),
        at_the_door: None,
        in_a_batch: true,
        given: Vec::new(),
        when: None,
        but: But::Otherwise,
    }
}

impl Row {
    /// Sets the world up for both calls.
    pub(crate) fn given(mut self, change: impl Fn(&mut World) + 'static) -> Self {
        self.given.push(Rc::new(change));
        self
    }
    /// The one thing: so the call fails, without it the same call passes.
    pub(crate) fn when(mut self, change: impl Fn(&mut World) + 'static) -> Self {
        self.when = Some(Rc::new(change));
        self
    }
    /// The one thing: another's call passes.
    pub(crate) fn but_by(self, who: u64) -> Self {
        self.but(But::By(who))
    }
    /// The one thing: a call with another argument passes.
    pub(crate) fn but_call(self, call: impl Into<RuntimeCall>) -> Self {
        self.but(But::Call(Box::new(call.into())))
    }
    /// The one thing: in a world that was changed so, the same call passes.
    pub(crate) fn but_when(self, change: impl Fn(&mut World) + 'static) -> Self {
        self.but(But::When(Rc::new(change)))
    }
    /// The one thing: on a chain with these rules the same call passes.
    pub(crate) fn but_under(self, rules: Rules) -> Self {
        self.but(But::Under(rules))
    }
    /// A guard refuses the call before dispatch, with this number; inside a batch it gives the error.
    pub(crate) fn at_the_door(mut self, code: u8) -> Self {
        self.at_the_door = Some(code);
        self
    }
    /// The guard refuses every call of the signer, a batch too. What comes past the door, as through a proxy, gives
    /// the error.
    pub(crate) fn at_the_door_of_all(self, code: u8) -> Self {
        Self { in_a_batch: false, ..self.at_the_door(code) }
    }
    fn but(self, but: But) -> Self {
        assert!(matches!(self.but, But::Otherwise), "{}: two neighbours", self.name());
        Self { but, ..self }
    }

    /// `Pallet.call` of what fails.
    pub(crate) fn call_name(&self) -> String {
        name_of(&self.call)
    }
    pub(crate) fn neighbours_name(&self) -> String {
        name_of(&self.neighbours_call())
    }
    /// The call that passes.
    pub(crate) fn neighbours_call(&self) -> RuntimeCall {
        if let But::Call(call) = &self.but { call.as_ref().clone() } else { self.call.clone() }
    }
    pub(crate) fn error_name(&self) -> String {
        self.error.to_string()
    }
    pub(crate) const fn code(&self) -> Option<u8> {
        self.at_the_door
    }
    /// Who sends the call that passes.
    pub(crate) const fn neighbours_sender(&self) -> u64 {
        if let But::By(who) = self.but { who } else { self.who }
    }
    /// What root is told that sends the call that passes.
    pub(crate) fn sent_by_root(&self, base: &World) -> Receipt {
        let change = if let But::When(change) = &self.but { Some(change) } else { None };
        let mut world = self.world(base, change);
        execute(&mut world, &unsigned_rules(&Rules::default()), ROOT, &self.neighbours_call())
    }
    fn name(&self) -> String {
        format!("{} by {}: {:?}", self.error, self.who, self.call)
    }

    fn world(&self, base: &World, more: Option<&Given>) -> World {
        let mut world = base.clone();
        self.given.iter().chain(more).for_each(|change| change(&mut world));
        world
    }

    fn check(&self, base: &World, rules: &Rules) {
        let name = self.name();
        let one_thing = self.when.is_some() ^ !matches!(self.but, But::Otherwise);
        assert!(one_thing, "{name}: a neighbour differs in one thing");
        let failing = self.world(base, self.when.as_ref());
        match self.at_the_door {
            Some(code) => {
                let mut world = failing.clone();
                let receipt = execute(&mut world, rules, self.who, &self.call);
                let invalid = Err(Failure::Invalid(InvalidTransaction::Custom(code)));
                assert_eq!(receipt, Receipt { result: invalid, fee: Rao::ZERO }, "{name}");
                assert!(world.state == empty_block(&failing, rules), "{name}: it left a trace");
                let call = self.call.clone();
                let inside = if self.in_a_batch {
                    extrinsic(
                        &failing,
                        self.who,
                        RuntimeCall::Utility(UtilityCall::BatchAll { calls: vec![call] }),
                    )
                } else {
                    Extrinsic::Unchecked { who: id(self.who), call }
                };
                self.fails_to(failing, rules, inside);
            }
            None => {
                let sent = extrinsic(&failing, self.who, self.call.clone());
                self.fails_to(failing, rules, sent);
            }
        }
        let (mut who, mut call, mut change, mut neighbours) = (self.who, &self.call, None, rules.clone());
        match &self.but {
            But::Otherwise => {}
            But::By(other) => who = *other,
            But::Call(other) => call = other,
            But::When(more) => change = Some(more),
            But::Under(other) => neighbours = unsigned_rules(other),
        }
        let receipt = execute(&mut self.world(base, change), &neighbours, who, call);
        assert_eq!(receipt.result, Ok(()), "the neighbour of {name}");
    }

    /// The receipt has the error, and the state is that of an empty block but for the fee and the nonce.
    fn fails_to(&self, mut world: World, rules: &Rules, extrinsic: Extrinsic) {
        let mut expected = empty_block(&world, rules);
        let author = world.env().author.unwrap();
        let signed = matches!(extrinsic, Extrinsic::Signed(_));
        let receipt = run(&mut world, rules, vec![extrinsic]).remove(0);
        assert_eq!(receipt.result, Err(Failure::Dispatch(self.error.clone())), "{}", self.name());
        if signed {
            let row = account(&mut expected, self.who);
            row.nonce += 1;
            row.data.free = row.data.free.checked_sub(receipt.fee).unwrap();
        }
        if !receipt.fee.is_zero() {
            let row = expected.balances.accounts.or_insert_with(author, AccountInfo::default);
            (row.providers, row.data.free) = (1, row.data.free.saturating_add(receipt.fee));
        }
        assert!(world.state == expected, "{}: it left more than its fee and nonce", self.name());
    }
}

impl Table {
    /// Checks every row under the rules of the reference chain.
    pub(crate) fn check(&self) {
        self.check_under(&Rules::default());
    }
    pub(crate) fn check_under(&self, rules: &Rules) {
        let rules = unsigned_rules(rules);
        assert!(!self.rows.is_empty());
        self.rows.iter().for_each(|row| row.check(&self.world, &rules));
    }
}

/// Accounts are numbers here, which cannot sign.
fn unsigned_rules(rules: &Rules) -> Rules {
    Rules { check_signatures: false, ..rules.clone() }
}

fn execute(world: &mut World, rules: &Rules, who: u64, call: &RuntimeCall) -> Receipt {
    let extrinsic = extrinsic(world, who, call.clone());
    run(world, rules, vec![extrinsic]).remove(0)
}

/// A call as it comes from its sender.
fn extrinsic(world: &World, who: u64, call: RuntimeCall) -> Extrinsic {
    match who {
        ROOT => Extrinsic::Root(call),
        NOBODY => Extrinsic::Unsigned(call),
        _ => {
            let nonce = world.state.balances.accounts.get(&id(who)).map_or(0, |row| row.nonce);
            Extrinsic::Signed(SignedExtrinsic { nonce, ..unsigned(who, call) })
        }
    }
}

fn unsigned(who: u64, call: RuntimeCall) -> SignedExtrinsic {
    let signature = MultiSignature::Ed25519([0; 64]);
    SignedExtrinsic { signer: id(who), nonce: 0, tip: Rao::ZERO, mortality: None, call, signature }
}

/// What a call costs its signer.
pub(crate) fn fee(who: u64, call: &RuntimeCall) -> Rao {
    Rules::default().fees.fee_of(&unsigned(who, call.clone()))
}

/// Leaves an account so much after the fee of a call.
pub(crate) fn left_with(who: u64, call: impl Into<RuntimeCall>, rao: u64) -> impl Fn(&mut World) + 'static {
    let left = fee(who, &call.into()).saturating_add(Rao(rao));
    move |world: &mut World| account(&mut world.state, who).data.free = left
}

fn empty_block(world: &World, rules: &Rules) -> State {
    let mut world = world.clone();
    run(&mut world, rules, Vec::new());
    world.state
}

/// One block, as the ledger would run it.
fn run(world: &mut World, rules: &Rules, extrinsics: Vec<Extrinsic>) -> Vec<Receipt> {
    let env = world.env();
    let input = BlockInput {
        number: env.number,
        timestamp_ms: env.timestamp_ms,
        parent_hash: env.parent_hash,
        lottery: env.lottery,
        author: env.author,
        extrinsics,
    };
    Runtime::new(rules.clone(), [0; 32]).execute_block(&mut world.state, &input).receipts
}

/// The row of an account, made when there is none.
pub(crate) fn account(state: &mut State, who: u64) -> &mut AccountInfo {
    state.balances.accounts.or_insert_with(id(who), AccountInfo::default)
}

/// `Pallet.call_name`, as the chain's tables write it.
pub(crate) fn name_of(call: &RuntimeCall) -> String {
    let text = format!("{call:?}");
    let mut words =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let (pallet, call) = (words.next().unwrap(), words.next().unwrap());
    let mut name = format!("{pallet}.");
    for (at, letter) in call.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
