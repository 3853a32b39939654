//! A scenario, block by block.

use super::expected::{Difference, Expected};
use super::input::{Block, Header, Lines};
use super::machine::{Machine, of_pallet};
use super::{Report, SHOWN, Stop, Tally, derived};
use chain::event::SubtensorModuleEvent;
use chain::invariants::Violation;
use chain::schema::with_vector_accounts;
use chain::state::State;
use serde::Deserialize as _;
use serde_json::{Map, Value as Json};

/// Replays a scenario whose first line has been read.
pub(super) fn check(first: Json, mut lines: Lines, tally: &mut Tally) -> Result<Report, Stop> {
    if first.get("type").and_then(Json::as_str) != Some("header") {
        return Err(lines.problem("a scenario begins with its header").into());
    }
    let header: Header = lines.read_as(first)?;
    let mut replay = Replay::new(&header).map_err(|error| lines.problem(error))?;
    loop {
        let Some(line) = lines.next_line()? else {
            return Err(lines.problem("the file ends without its `end` line").into());
        };
        match line.get("type").and_then(Json::as_str) {
            Some("block") => {
                let block: Block = lines.read_as(line)?;
                let differences = replay.block(&block).map_err(|error| lines.problem(error))?;
                if !differences.is_empty() {
                    return Err(stop(&lines, &header, block.n, &differences));
                }
                tally.passed = tally.passed.saturating_add(1);
            }
            Some("end") => break,
            _ => return Err(lines.problem("a line is a `block` or the `end`").into()),
        }
    }
    // Nothing is passed over in this last look.
    let differences = replay.differences(None);
    if !differences.is_empty() {
        return Err(stop(&lines, &header, replay.machine.state.block, &differences));
    }
    match lines.next_line()? {
        Some(_) => Err(lines.problem("there is more after the `end` line").into()),
        None => Ok(Report { noted: replay.notes() }),
    }
}

fn stop(lines: &Lines, header: &Header, block: u64, differences: &[Difference]) -> Stop {
    let mut shown: Vec<String> = differences.iter().take(SHOWN).map(Difference::to_string).collect();
    if let Some(more) = differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        shown.push(format!("and {more} more"));
    }
    let place = lines.problem(format!("{}: block {block} differs", header.scenario));
    Stop { place: place.to_string(), lines: shown }
}

/// Our chain and what was recorded of the other, side by side.
struct Replay {
    machine: Machine,
    expected: Expected,
    derived: Map<String, Json>,
    /// The state of the last block, which was equal.
    equal: Option<State>,
}

impl Replay {
    fn new(header: &Header) -> Result<Self, String> {
        let machine = Machine::new(header)?;
        Ok(Self { machine, expected: Expected::new(), derived: Map::new(), equal: None })
    }

    /// Replays one block; fails when the line cannot be made sense of.
    fn block(&mut self, line: &Block) -> Result<Vec<Difference>, String> {
        let mut differences = Vec::new();
        let genesis = line.n == 0;
        if genesis {
            if self.equal.is_some() {
                return Err("block 0 comes first".to_owned());
            }
        } else {
            let parent = self.machine.state.block;
            if parent > 0 && line.n != parent.saturating_add(1) {
                return Err(format!("block {} follows block {parent}", line.n));
            }
            let entropy = line.parent_hash.as_ref().ok_or("a block needs its parent_hash")?.0;
            let mut block = self.machine.begin(line.n, entropy);
            for operation in &line.ops {
                differences.extend(self.machine.operate(&mut block, operation)?);
            }
            let outcome = self.machine.end(block);
            differences.extend(compare_events(&line.events, &of_pallet(&outcome.events))?);
            differences.extend(outcome.violations.iter().map(broken));
        }
        self.expected.apply(&line.set, &line.del, genesis)?;
        for (name, value) in &line.derived {
            self.derived.insert(name.clone(), value.clone());
        }
        let equal = self.equal.take();
        differences.extend(self.differences(equal.as_ref()));
        for (item, missing) in self.expected.missing() {
            if missing.changes > 0 {
                differences.push(Difference::new(item, "a change", "no such item in this chain"));
            }
        }
        self.equal = Some(self.machine.state.clone());
        Ok(differences)
    }

    fn differences(&self, equal: Option<&State>) -> Vec<Difference> {
        let mut differences = self.expected.compare(equal, &self.machine.state);
        differences.extend(derived::compare(&self.derived, &self.machine.state));
        differences
    }

    fn notes(&self) -> Vec<String> {
        let note = |(item, missing): (&String, &super::expected::Missing)| {
            format!("{item} is not modelled; {} rows, which never change", missing.rows)
        };
        self.expected.missing().iter().map(note).collect()
    }
}

/// An invariant that a block broke, as a difference from the recorded chain, which breaks none.
fn broken(violation: &Violation) -> Difference {
    Difference::new(violation.invariant.to_string(), violation.invariant.title(), &violation.text)
}

/// The first event that differs, or their number.
fn compare_events(expected: &[Json], got: &[&SubtensorModuleEvent]) -> Result<Option<Difference>, String> {
    let print = |event: Option<&SubtensorModuleEvent>| {
        let json = event.map(|event| serde_json::to_value(event).map(with_vector_accounts));
        json.and_then(Result::ok).map_or_else(|| "nothing".to_owned(), |json| json.to_string())
    };
    for index in 0..expected.len().max(got.len()) {
        let (theirs, ours) = (expected.get(index), got.get(index).copied());
        let theirs = theirs.map(|event| {
            SubtensorModuleEvent::deserialize(event)
                .map_err(|error| format!("event {index}, {event}: {error}"))
        });
        let theirs = theirs.transpose()?;
        if theirs.as_ref() != ours {
            let difference = Difference::new(format!("events[{index}]"), print(theirs.as_ref()), print(ours));
            return Ok(Some(difference));
        }
    }
    Ok(None)
}
