//! Any order of appending, checkpointing, closing and opening leaves what a plain list would hold.

use std::collections::BTreeMap;
use std::path::Path;

use chain::ledger::{Durability, Frame, Ledger};
use proptest::prelude::*;

use crate::ledger::{frame, identity};

#[derive(Clone, Debug)]
enum Step {
    Append { bytes: usize },
    Many { count: u64 },
    Checkpoint { back: u64, bytes: usize },
    Truncate { back: u64 },
    Sync,
    Read { number: u64 },
    Reopen { durability: Durability, close: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let durability = prop_oneof![Just(Durability::Buffered), Just(Durability::Durable)];
    let step = prop_oneof![
        4 => (0usize..12_000).prop_map(|bytes| Step::Append { bytes }),
        3 => (1u64..40).prop_map(|count| Step::Many { count }),
        2 => (0u64..30, 0usize..30_000).prop_map(|(back, bytes)| Step::Checkpoint { back, bytes }),
        2 => (0u64..60).prop_map(|back| Step::Truncate { back }),
        1 => Just(Step::Sync),
        3 => (0u64..80).prop_map(|number| Step::Read { number }),
        2 => (durability, any::<bool>()).prop_map(|(durability, close)| Step::Reopen { durability, close }),
    ];
    prop::collection::vec(step, 1..25)
}

/// What the ledger must hold.
#[derive(Debug, Default)]
struct Model {
    blocks: Vec<Frame>,
    checkpoint: Option<(u64, Vec<u8>)>,
    /// All that were taken of blocks that are there; age may have made some of them needless.
    checkpoints: BTreeMap<u64, Vec<u8>>,
}

impl Model {
    fn next(&self, bytes: usize) -> Frame {
        let parent = self.blocks.last().map_or(identity(1).genesis, |block| block.digest);
        frame(1, parent, self.blocks.len() as u64 + 1, bytes)
    }

    fn append(&mut self, ledger: &Ledger, bytes: usize) {
        let block = self.next(bytes);
        ledger.append(block.clone()).unwrap();
        self.blocks.push(block);
    }

    fn checkpoint(&mut self, ledger: &Ledger, number: u64, bytes: Vec<u8>) {
        ledger.checkpoint(number, bytes.clone()).unwrap();
        self.checkpoints.insert(number, bytes.clone());
        if self.checkpoint.as_ref().is_none_or(|(newest, _)| *newest <= number) {
            self.checkpoint = Some((number, bytes));
        }
    }

    fn truncate(&mut self, ledger: &Ledger, number: u64) {
        ledger.truncate(number).unwrap();
        let gone = self.blocks.split_off(number as usize);
        for block in gone {
            assert_eq!(ledger.frame(block.number).unwrap(), None);
            assert_eq!(ledger.number_of(&block.hash).unwrap(), None);
        }
        self.checkpoints.split_off(&(number + 1));
        let status = ledger.status();
        assert_eq!((status.head, status.stored), (number, number));
        if self.checkpoint.as_ref().is_none_or(|(newest, _)| *newest <= number) {
            // The newest stays, whatever age makes of the others.
            assert_eq!(status.checkpoint, self.checkpoint.as_ref().map(|(newest, _)| *newest));
        }
        self.checkpoint = status.checkpoint.map(|number| (number, self.checkpoints[&number].clone()));
    }

    fn compare(&self, ledger: &Ledger) {
        let read: Vec<_> = ledger.frames(..).map(Result::unwrap).collect();
        assert_eq!(read, self.blocks);
        for block in &self.blocks {
            assert_eq!(ledger.number_of(&block.hash).unwrap(), Some(block.number));
        }
    }
}

fn reopen(path: &Path, durability: Durability, model: &Model) -> Ledger {
    let (ledger, opened) = Ledger::open(path, Some(&identity(1)), durability).unwrap();
    assert_eq!(opened.head, model.blocks.last().map(|block| (block.number, block.digest)));
    assert_eq!(opened.checkpoint, model.checkpoint);
    assert!(opened.report.clean && opened.report.findings.is_empty(), "{}", opened.report);
    ledger
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_ledger_is_the_list_of_its_blocks(steps in steps()) {
        let dir = tempfile::tempdir().unwrap();
        let (mut ledger, _) = Ledger::create(dir.path(), &identity(1), Durability::Buffered).unwrap();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Append { bytes } => model.append(&ledger, bytes),
                Step::Many { count } => (0..count).for_each(|_| model.append(&ledger, 100)),
                Step::Checkpoint { back, bytes } => {
                    let number = (model.blocks.len() as u64).saturating_sub(back);
                    model.checkpoint(&ledger, number, vec![number as u8; bytes]);
                }
                Step::Truncate { back } => {
                    let number = (model.blocks.len() as u64).saturating_sub(back);
                    model.truncate(&ledger, number);
                }
                Step::Sync => {
                    ledger.sync().unwrap();
                    prop_assert_eq!(ledger.status().stored, model.blocks.len() as u64);
                }
                Step::Read { number } => {
                    let expected = number.checked_sub(1).and_then(|index| model.blocks.get(index as usize));
                    let read = ledger.frame(number).unwrap();
                    prop_assert_eq!(read.as_ref(), expected);
                }
                Step::Reopen { durability, close } => {
                    if close { ledger.close().unwrap() } else { drop(ledger) }
                    ledger = reopen(dir.path(), durability, &model);
                }
            }
        }
        model.compare(&ledger);
        ledger.close().unwrap();
        model.compare(&reopen(dir.path(), Durability::Durable, &model));
    }
}
