//! What the chain refuses of a set-up, at the place in the file that it comes from.

use super::Finding;
use crate::scenario::document::KeyPath;
use actors::founding::FoundingError;
use actors::plan::{ActorId, Plan, Role};
use chain::units::NetUid;
use std::collections::BTreeSet;

/// Refusals with their keys, but for those that follow from another: of each participant the first counts, and where
/// the owner of a subnet cannot take its place, nobody else of the subnet can.
pub(super) fn findings(plan: &Plan, entries: &[usize], errors: Vec<FoundingError>) -> Vec<Finding> {
    let role = |actor: ActorId| plan.cast.get(actor.index()).map(|member| &member.role);
    let mut seen: BTreeSet<ActorId> = BTreeSet::new();
    let mut closed: BTreeSet<NetUid> = BTreeSet::new();
    let mut findings = Vec::new();
    for error in errors {
        if let Some(actor) = error.actor() {
            let netuid = role(actor).map(Role::netuid);
            if !seen.insert(actor) || netuid.is_some_and(|netuid| closed.contains(&netuid)) {
                continue;
            }
            if let Some(Role::Owner { netuid }) = role(actor) {
                closed.insert(*netuid);
            }
        }
        findings.push(finding(plan, entries, error));
    }
    findings
}

/// A refusal with its key. `entries` are the entries of the file that the members of the cast stand in.
fn finding(plan: &Plan, entries: &[usize], error: FoundingError) -> Finding {
    let root = KeyPath::root();
    let path = match &error {
        FoundingError::Hyperparameter { netuid, refused } => {
            let index = plan.subnets.iter().position(|subnet| subnet.netuid == *netuid).unwrap_or_default();
            let key = root.key("subnet").index(index).key("hyperparameters").key(&refused.name);
            return (key, refused.to_string());
        }
        FoundingError::Chain { refused } => {
            return (root.key("chain").key("parameters").key(&refused.name), refused.to_string());
        }
        error => {
            let entry = error.actor().and_then(|actor| entries.get(actor.index()));
            let Some(entry) = entry else { return (root, error.to_string()) };
            let path = root.key("cast").index(*entry);
            match error {
                FoundingError::Balance { .. } | FoundingError::Lacks { .. } => path.key("balance"),
                FoundingError::Shares { .. } => path.key("stake_share"),
                _ => path,
            }
        }
    };
    (path, error.to_string())
}
