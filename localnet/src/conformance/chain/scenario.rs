//! A scenario, block by block.

use super::difference::{Difference, Kind};
use super::events::{self, Phase};
use super::expected::Expected;
use super::input::{Block, Header, Lines, Operation, Origin, OriginWord};
use super::machine::{Machine, NoCall, call_of, decoded, result_of};
use super::more::{CallInfo as Recorded, Info, More};
use super::{Sink, Stop, derived};
use chain::block::{Extrinsic, Hash};
use chain::invariants::Violation;
use chain::runtime::{CallInfo, OpenBlock, PostInfo, call_info};
use chain::state::State;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// Replays a scenario whose first line has been read.
pub(super) fn check(
    first: Json,
    mut lines: Lines,
    more: Option<BTreeMap<u64, More>>,
    sink: &mut Sink<'_>,
) -> Result<(), Stop> {
    if first.get("type").and_then(Json::as_str) != Some("header") {
        return Err(lines.problem("a scenario begins with its header").into());
    }
    let header: Header = lines.read_as(first)?;
    let mut replay: Option<Replay> = None;
    loop {
        let Some(line) = lines.next_line()? else {
            return Err(lines.problem("the file ends without its `end` line").into());
        };
        match line.get("type").and_then(Json::as_str) {
            Some("block") => {
                let block: Block = lines.read_as(line)?;
                let play = match &mut replay {
                    Some(replay) => replay,
                    none => {
                        let new = Replay::new(&header, &block, more.is_some());
                        none.insert(new.map_err(|error| lines.problem(error))?)
                    }
                };
                let more = more.as_ref().and_then(|more| more.get(&block.n));
                let played = play.block(&block, more).map_err(|error| lines.problem(error))?;
                for (label, differences) in played.extrinsics {
                    let place = lines.problem(format!("{}: block {}: {label}", header.scenario, block.n));
                    sink.line(&place.to_string(), &differences)?;
                }
                let place = lines.problem(format!("{}: block {} differs", header.scenario, block.n));
                sink.line(&place.to_string(), &played.block)?;
            }
            Some("end") => break,
            _ => return Err(lines.problem("a line is a `block` or the `end`").into()),
        }
    }
    let Some(mut replay) = replay else { return Err(lines.problem("there is no block").into()) };
    // Nothing is passed over in this last look.
    let differences = replay.last_look();
    if !differences.is_empty() {
        let place = lines.problem(format!("{}: the last state differs", header.scenario));
        sink.line(&place.to_string(), &differences)?;
    }
    if lines.next_line()?.is_some() {
        return Err(lines.problem("there is more after the `end` line").into());
    }
    replay.notes().iter().try_for_each(|note| sink.note(note)).map_err(Stop::from)
}

/// What a block gave.
#[derive(Default)]
struct Played {
    /// Differences of the block.
    block: Vec<Difference>,
    /// Differences of each extrinsic, with its name.
    extrinsics: Vec<(String, Vec<Difference>)>,
}

/// An operation that ran: its place in the recorded block, and where its events are reported.
struct Ran {
    label: String,
    extrinsic: Option<usize>,
}

/// Our chain and what was recorded of the other, side by side.
struct Replay {
    machine: Machine,
    expected: Expected,
    derived: Map<String, Json>,
    /// The state after the last block, in which what was recorded is restored.
    equal: Option<State>,
    /// Whether events of all pallets are recorded in the scenario itself.
    signed: bool,
    /// Hashes of blocks by height.
    hashes: BTreeMap<u64, Hash>,
    /// Differences that could not be mended, so that each is reported once.
    standing: BTreeMap<String, (String, String)>,
}

impl Replay {
    fn new(header: &Header, genesis: &Block, more: bool) -> Result<Self, String> {
        // Only the genesis of a build with fast blocks has an owner of root.
        let zero = |value: &Json| value.as_u64() == Some(0);
        let fast = genesis.set.get("SubnetOwner[0]").is_some_and(|owner| !zero(owner));
        let signed = header.kind.as_deref() == Some("extrinsics");
        Ok(Self {
            // Only of the whole runtime the other pallets are recorded too.
            machine: Machine::new(header, fast, more || signed)?,
            expected: Expected::new(more || signed, fast),
            derived: Map::new(),
            equal: None,
            signed,
            hashes: header.genesis_hash.iter().map(|hash| (0, hash.0)).collect(),
            standing: BTreeMap::new(),
        })
    }

    /// Plays a block, compares it, and restores what was recorded.
    fn block(&mut self, line: &Block, more: Option<&More>) -> Result<Played, String> {
        let mut played = Played::default();
        let genesis = line.n == 0;
        if genesis {
            if self.equal.is_some() {
                return Err("block 0 comes first".to_owned());
            }
        } else {
            self.run(line, more, &mut played)?;
        }
        self.expected.next_block();
        played.block.extend(self.expected.apply(&line.set, &line.del, genesis)?);
        if let Some(more) = more {
            played.block.extend(self.expected.apply(&more.set, &more.del, genesis)?);
        }
        for (name, value) in &line.derived {
            self.derived.insert(name.clone(), value.clone());
        }
        let equal = self.equal.take();
        played.block.extend(self.compare_and_restore(equal.as_ref()));
        self.equal = Some(self.machine.state.clone());
        Ok(played)
    }

    fn run(&mut self, line: &Block, more: Option<&More>, played: &mut Played) -> Result<(), String> {
        let parent = self.machine.state.block;
        if parent > 0 && line.n != parent.saturating_add(1) {
            return Err(format!("block {} follows block {parent}", line.n));
        }
        let parent_hash = line.parent_hash.as_ref().ok_or("a block needs its parent_hash")?.0;
        self.hashes.entry(line.n.saturating_sub(1)).or_insert(parent_hash);
        let mut block = self.machine.begin(line.n, parent_hash);
        // Operations by their place in the recorded block; the places of our extrinsics.
        let (mut ran, mut places): (Vec<Ran>, Vec<u32>) = (Vec::new(), Vec::new());
        for (index, operation) in line.ops.iter().enumerate() {
            let info = more.and_then(|more| more.infos.get(index)?.as_ref());
            let place = u32::try_from(ran.len().saturating_add(1)).unwrap_or(u32::MAX);
            let applied = self.operate(&mut block, operation, info, played)?;
            if applied {
                places.push(place);
            }
            match operation {
                Operation::Call { call, .. } => ran.push(Ran { label: call.clone(), extrinsic: None }),
                Operation::Xt(recorded) if recorded.is_included() => {
                    let extrinsic = played.extrinsics.len().checked_sub(1);
                    ran.push(Ran { label: recorded.label(), extrinsic });
                }
                Operation::Xt(_) | Operation::Put { .. } => {}
            }
        }
        let outcome = self.machine.end(block);
        let all = if self.signed { Some(&line.events) } else { more.and_then(|more| more.events.as_ref()) };
        match all {
            None => played.block.extend(events::compare_pallet(&line.events, &outcome.events)?),
            Some(recorded) => {
                for (phase, mut difference) in
                    events::compare(recorded, &outcome.events, &places, !self.signed)?
                {
                    let Phase::ApplyExtrinsic(place) = phase else {
                        difference.what = format!("{phase:?} {}", difference.what);
                        played.block.push(difference);
                        continue;
                    };
                    let index = usize::try_from(place).unwrap_or(usize::MAX).saturating_sub(1);
                    let ran = ran.get(index);
                    if let Some(ran) = ran {
                        difference.what = format!("{} of {}", difference.what, ran.label);
                    }
                    let line = ran.and_then(|ran| played.extrinsics.get_mut(ran.extrinsic?));
                    line.map_or(&mut played.block, |(_, differences)| differences).push(difference);
                }
            }
        }
        played.block.extend(outcome.violations.iter().map(broken));
        Ok(())
    }

    /// Does what the operation says and compares its result; true when an extrinsic of ours was applied.
    fn operate(
        &mut self,
        block: &mut OpenBlock,
        operation: &Operation,
        info: Option<&Recorded>,
        played: &mut Played,
    ) -> Result<bool, String> {
        match operation {
            Operation::Put { pallet, item, keys, value, result } => {
                self.machine.put(pallet.as_deref().unwrap_or("SubtensorModule"), item, keys, value)?;
                if result != "ok" {
                    let what = format!("result of put {item}");
                    played.block.push(Difference::new(Kind::Result, what, result, "ok"));
                }
                Ok(false)
            }
            Operation::Call { pallet, who, call, args, result } => {
                let pallet_name = pallet.as_deref().unwrap_or("SubtensorModule");
                let what = || format!("result of {call} {args}");
                let modelled = match info {
                    Some(info) => decoded(pallet_name, call, &info.hex.0),
                    None => call_of(pallet.as_deref(), call, args),
                };
                let modelled = match modelled {
                    Ok(modelled) => modelled,
                    Err(NoCall::Malformed(error)) => return Err(error),
                    Err(NoCall::NotModelled(error)) => {
                        played.block.push(Difference::new(Kind::Result, what(), result, error));
                        return Ok(false);
                    }
                };
                let ours = call_info(&modelled);
                let extrinsic = match who {
                    Origin::Word(OriginWord::Root) => Extrinsic::Root(modelled),
                    Origin::Word(OriginWord::None) => Extrinsic::Unsigned(modelled),
                    Origin::Account(who) => Extrinsic::Unchecked { who: *who, call: modelled },
                };
                let got = result_of(&self.machine.apply(block, &extrinsic));
                if let Some(info) = info {
                    played.block.extend(weigh(call, &ours, block.post(), info));
                }
                if got != *result {
                    played.block.push(Difference::new(Kind::Result, what(), result, got));
                }
                Ok(true)
            }
            Operation::Xt(recorded) => {
                let (applied, differences) = recorded.check(&mut self.machine, block, &self.hashes);
                played.extrinsics.push((recorded.label(), differences));
                Ok(applied)
            }
        }
    }

    /// Every new difference of storage and derived values; storage is then as recorded.
    fn compare_and_restore(&mut self, equal: Option<&State>) -> Vec<Difference> {
        let rows = self.expected.compare(equal, &self.machine.state);
        let mut differences: Vec<_> = rows.iter().map(|row| row.difference.clone()).collect();
        differences.extend(derived::compare(&self.derived, &self.machine.state));
        differences.retain(|difference| {
            let values = (difference.expected.clone(), difference.got.clone());
            self.standing.insert(difference.what.clone(), values.clone()) != Some(values)
        });
        if !rows.is_empty() {
            let before = self.machine.state.clone();
            self.expected.restore(equal, &mut self.machine.state, rows);
            self.machine.runtime.raw_write(&before, &self.machine.state);
        }
        differences
    }

    fn last_look(&mut self) -> Vec<Difference> {
        self.compare_and_restore(None)
    }

    fn notes(&self) -> Vec<String> {
        let note = |(item, rows): (&String, &u64)| format!("{item} is not modelled; {rows} rows at genesis");
        self.expected.missing().iter().map(note).collect()
    }
}

/// Differences of a call's dispatch information before and after dispatch.
fn weigh(name: &str, ours: &CallInfo, post: PostInfo, recorded: &Recorded) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differ = |what: &str, expected: String, got: String| {
        if expected != got {
            differences.push(Difference::new(Kind::Weight, format!("{what} of {name}"), expected, got));
        }
    };
    differ("dispatch information", recorded.info.print(), Info::of(ours).print());
    // A call may report more than it was charged for; it is charged for no more.
    let before = recorded.info.call_weight.0;
    let after = recorded.actual.map_or(before, |actual| actual.min(before));
    differ("weight after dispatch", after.to_string(), post.weight(ours.weight).ref_time.to_string());
    differ(
        "payment after dispatch",
        recorded.post_pays.clone(),
        if post.pays { "Yes" } else { "No" }.to_owned(),
    );
    differences
}

/// An invariant that a block broke, as a difference from the recorded chain, which breaks none.
fn broken(violation: &Violation) -> Difference {
    let title = violation.invariant.title();
    Difference::new(Kind::Invariant, violation.invariant.to_string(), title, &violation.text)
}
