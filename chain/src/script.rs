//! A list of calls that plays a chain from its genesis: what a failing test prints, and the program plays again.
//!
//! As a file it is JSON lines: the beginning, then one line for each block with the calls of that block. All invariants
//! are checked after every block.

use crate::account::AccountId;
use crate::block::{Extrinsic, MultiSignature, Receipt, SignedExtrinsic};
use crate::call::RuntimeCall;
use crate::crypto::blake2_256;
use crate::genesis::{Genesis, GenesisError};
use crate::invariants::{Checker, Invariant, Violation};
use crate::runtime::{Env, OpenBlock, Rules, Runtime};
use crate::state::State;
use crate::units::Rao;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Milliseconds from block to block.
const BLOCK_MS: u64 = 12_000;

/// How a chain begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// Balances of genesis, rao by account.
    pub balances: Vec<(AccountId, Rao)>,
    /// Who receives fees.
    pub author: Option<AccountId>,
}

/// Who sends a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// The chain itself.
    Root,
    /// Nobody: the call must prove itself.
    Unsigned,
    /// An account that signs with its next nonce and pays; signatures are not checked.
    Signed(AccountId),
}

/// A call and who sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Who.
    pub by: Sender,
    /// What.
    pub call: RuntimeCall,
}

/// A beginning and the calls of every block after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// How the chain begins.
    pub beginning: Beginning,
    /// The calls of block 1, 2, ...
    pub blocks: Vec<Vec<Sent>>,
}

/// Why a script could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// A line of the file cannot be read.
    #[error("line {line}: {message}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The chain cannot begin like this.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    /// A block broke an invariant.
    #[error(transparent)]
    Broken(#[from] Violation),
}

impl Script {
    /// Reads a file's text.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let refused = |index: usize| {
            move |error: serde_json::Error| ScriptError::Line {
                line: index.saturating_add(1),
                message: error.to_string(),
            }
        };
        let mut lines = text.lines().enumerate();
        let (_, first) = lines.next().unwrap_or_default();
        let beginning = serde_json::from_str(first).map_err(refused(0))?;
        let blocks = lines.map(|(index, line)| serde_json::from_str(line).map_err(refused(index)));
        Ok(Self { beginning, blocks: blocks.collect::<Result<_, _>>()? })
    }

    /// Plays every block.
    ///
    /// # Errors
    /// When the chain cannot begin, or the first violation.
    pub fn play(&self) -> Result<State, ScriptError> {
        let mut player = Player::new(&self.beginning)?;
        for calls in &self.blocks {
            player.open();
            for sent in calls {
                player.send(sent);
            }
            player.close()?;
        }
        Ok(player.state)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |json: serde_json::Result<String>| json.map_err(|_| fmt::Error);
        writeln!(f, "{}", line(serde_json::to_string(&self.beginning))?)?;
        self.blocks.iter().try_for_each(|calls| writeln!(f, "{}", line(serde_json::to_string(calls))?))
    }
}

/// A chain that plays a script call by call, with all invariants checked.
#[derive(Debug)]
pub struct Player {
    /// The state so far.
    pub state: State,
    runtime: Runtime,
    author: Option<AccountId>,
    block: Option<OpenBlock>,
}

impl Player {
    /// A chain at its beginning.
    ///
    /// # Errors
    /// When a balance is too small or all together are too large.
    pub fn new(beginning: &Beginning) -> Result<Self, GenesisError> {
        let genesis = Genesis::reference(beginning.balances.iter().copied())?;
        let rules = Rules { check_signatures: false, ..genesis.rules };
        let checker = Checker::new(&genesis.state, Invariant::ALL);
        let runtime = Runtime::new(rules, [0; 32]).checked(checker);
        Ok(Self { state: genesis.state, runtime, author: beginning.author, block: None })
    }

    /// Opens the next block. In place of a parent hash it has the hash of its number.
    pub fn open(&mut self) {
        let number = self.state.block.saturating_add(1);
        let timestamp_ms = number.saturating_mul(BLOCK_MS);
        let parent_hash = blake2_256(&number.to_le_bytes());
        let env = Env { number, timestamp_ms, parent_hash, lottery: parent_hash, author: self.author };
        self.block = Some(self.runtime.begin_block(&mut self.state, env));
    }

    /// Sends a call; `None` when no block is open.
    pub fn send(&mut self, sent: &Sent) -> Option<Receipt> {
        let extrinsic = match sent.by {
            Sender::Root => Extrinsic::Root(sent.call.clone()),
            Sender::Unsigned => Extrinsic::Unsigned(sent.call.clone()),
            Sender::Signed(signer) => {
                let nonce = self.state.balances.accounts.get(&signer).map_or(0, |row| row.nonce);
                let signature = MultiSignature::Ed25519([0; 64]);
                Extrinsic::Signed(SignedExtrinsic {
                    signer,
                    nonce,
                    tip: Rao::ZERO,
                    mortality: None,
                    call: sent.call.clone(),
                    signature,
                })
            }
        };
        let block = self.block.as_mut()?;
        Some(self.runtime.apply_extrinsic(&mut self.state, block, &extrinsic))
    }

    /// Seals the block.
    ///
    /// # Errors
    /// The first invariant that it broke.
    pub fn close(&mut self) -> Result<(), Violation> {
        let Some(block) = self.block.take() else { return Ok(()) };
        let outcome = self.runtime.end_block(&mut self.state, block);
        outcome.violations.into_iter().next().map_or(Ok(()), Err)
    }
}
