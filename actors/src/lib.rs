//! Participants, mechanisms, conductor, fabric and drivers.

pub mod corpus;
pub mod fabric;
pub mod gate;
pub mod letter;
pub mod log;
pub mod mechanism;
pub mod order;
pub mod participant;
pub mod plan;
pub mod roles;
pub mod seat;
pub mod settings;
pub mod stage;
pub mod streams;
pub mod view;
