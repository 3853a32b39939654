//! The door between the cast and outsiders (spec/clients.md section 4).

mod answers;
pub(crate) mod harness;
mod outgoing;
mod process;
mod program;
mod real;
mod refusals;
mod signed;
