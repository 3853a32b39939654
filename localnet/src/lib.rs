//! CLI, scenarios, reports.

pub mod conformance;
