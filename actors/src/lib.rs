//! Participants, mechanisms, conductor, fabric and drivers.

pub mod corpus;
pub mod plan;
pub mod settings;
