//! Participants, mechanisms, conductor, fabric and drivers: a market played on a chain, block by block.
//!
//! A [`Plan`](plan::Plan) says who takes part; a [`Run`] plays it. A participant is a value that reacts
//! ([`participant`]); the conductor asks all of them in phases, awaits every answer, routes letters through the
//! [`fabric`] and has the chain execute what was submitted. So a run is a function of the plan, the seed in it,
//! and the [`gate`]'s tape of outside inputs, whatever driver and however many threads play it.
//!
//! ```
//! use actors::corpus::Corpus;
//! use actors::plan::*;
//! use actors::{Options, Run};
//! use chain::units::{NetUid, Rao, TAO};
//! use std::sync::Arc;
//!
//! let netuid = NetUid(1);
//! let member = |name: &str, role| CastMember { name: name.to_owned(), balance: None, role };
//! let miner = |method, level| Role::Miner { netuid, tactic: MinerTactic::Honest { method, level } };
//! let plan = Plan {
//!     name: "two miners".to_owned(),
//!     seed: 42,
//!     blocks: 60,
//!     digest: [0; 32],
//!     chain: ChainPlan::default(),
//!     subnets: vec![SubnetPlan {
//!         netuid,
//!         title: "compression".to_owned(),
//!         mechanism: MechanismPlan::Compression(CompressionPlan::default()),
//!         settings: vec![
//!             Setting { name: "tempo".to_owned(), value: Value::Number(10) },
//!             Setting { name: "commit_reveal_weights_enabled".to_owned(), value: Value::Switch(false) },
//!         ],
//!     }],
//!     cast: vec![
//!         member("olga", Role::Owner { netuid }),
//!         member("vera", Role::Validator {
//!             netuid,
//!             stake: StakePlan::Tao(Rao(500 * TAO)),
//!             root_stake: Rao::ZERO,
//!             tactic: ValidatorTactic::Honest,
//!             fee_permille: 300,
//!         }),
//!         member("zoe", miner(Method::Zstd, 12)),
//!         member("leo", miner(Method::Lz4, 0)),
//!     ],
//!     events: Vec::new(),
//!     faults: Vec::new(),
//!     corpus: Arc::new(Corpus::builtin()),
//!     on_crash: OnCrash::Fail,
//! };
//!
//! let mut run = Run::new(plan.clone(), &Options::default())?;
//! for _ in 0..30 {
//!     run.next_block()?;
//! }
//! // The whole world, participants included: a run can go on from here, here or elsewhere.
//! let checkpoint = run.checkpoint()?;
//! let mut run = Run::resume(plan, &checkpoint, &Options::default())?;
//! for _ in 30..60 {
//!     run.next_block()?;
//! }
//! let earnings = run.earnings()?;
//! assert!(earnings[2].alpha > earnings[3].alpha, "zstd saves more than lz4, so zoe earns more than leo");
//! # Ok::<(), actors::RunError>(())
//! ```

mod conductor;
mod pulses;
mod world;

pub mod books;
pub mod chain_actor;
pub mod corpus;
pub mod driver;
pub mod drivers;
pub mod earnings;
pub mod fabric;
pub mod founding;
pub mod gate;
pub mod genesis;
pub mod letter;
pub mod log;
pub mod mechanism;
pub mod order;
pub mod participant;
pub mod plan;
pub mod record;
pub mod refusals;
pub mod roles;
pub mod run;
pub mod seat;
pub mod settings;
pub mod stage;
pub mod streams;
pub mod view;

pub use earnings::Earnings;
pub use log::{BlockLog, FirstDifference, compare};
pub use record::BlockRecord;
pub use refusals::Refusal;
pub use run::{Checks, DriverKind, Options, Run, RunError};
pub use world::CheckpointError;
