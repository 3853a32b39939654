//! CLI, scenarios, reports.
