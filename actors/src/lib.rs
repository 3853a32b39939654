//! Participants, mechanisms, conductor, fabric and drivers.

mod conductor;
mod world;

pub mod books;
pub mod chain_actor;
pub mod corpus;
pub mod driver;
pub mod drivers;
pub mod earnings;
pub mod fabric;
pub mod gate;
pub mod genesis;
pub mod letter;
pub mod log;
pub mod mechanism;
pub mod order;
pub mod participant;
pub mod plan;
pub mod record;
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
pub use run::{DriverKind, Options, Run, RunError};
pub use world::CheckpointError;
