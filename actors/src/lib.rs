//! Participants, mechanisms, conductor, fabric and drivers: a market played on a chain, block by block.
//!
//! A [`Plan`](plan::Plan) says who takes part; a [`Run`] plays it. A participant is a value that reacts
//! ([`participant`]); the conductor asks all of them in phases, awaits every answer, routes messages through the
//! [`fabric`] and has the chain execute what was submitted. So a run is a function of the plan, the seed in it,
//! and the [`gate`]'s tape of outside inputs, whatever driver and however many threads play it.
//!
//! ```
//! use actors::plan::{Method, MinerTactic, StakePlan, ValidatorTactic};
//! use actors::{Market, Options, Run};
//! use chain::units::{Rao, TAO};
//!
//! let mut market = Market::new(42)
//!     .validator("vera", StakePlan::Tao(Rao(500 * TAO)), ValidatorTactic::Honest)
//!     .miner("zoe", MinerTactic::Honest { method: Method::Zstd, level: 12 })
//!     .miner("leo", MinerTactic::Honest { method: Method::Lz4, level: 0 });
//! market.plan.blocks = 60;
//! let plan = market.plan;
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

mod beacon;
mod conductor;
mod waiting;
mod world;

pub mod accounting;
pub mod chain_actor;
pub mod context;
pub mod corpus;
pub mod driver;
pub mod drivers;
pub mod earnings;
pub mod fabric;
pub mod founding;
pub mod gate;
pub mod genesis;
pub mod log;
pub mod market;
pub mod mechanism;
pub mod message;
pub mod order;
pub mod participant;
pub mod plan;
pub mod record;
pub mod refusals;
pub mod roles;
pub mod run;
pub mod seat;
pub mod settings;
pub mod streams;
pub mod view;

pub use earnings::Earnings;
pub use log::{BlockLog, FirstDifference, compare};
pub use market::Market;
pub use record::BlockRecord;
pub use refusals::Refusal;
pub use run::{Checks, DriverKind, Options, Run, RunError};
pub use world::CheckpointError;
