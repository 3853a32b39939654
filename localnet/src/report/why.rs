//! Who earned what and why, in a few sentences: miners and validators of each subnet, then users and owners.
//!
//! Alpha of two subnets are two currencies, so participants are compared with those of their own subnet only.

use super::amount::{grouped, share, short};
use super::model::{Payout, SubnetReport};
use chain::units::{Rao, TAO};
use std::collections::BTreeSet;

/// The sentences.
pub fn lines(payouts: &[Payout], subnets: &[SubnetReport]) -> Vec<String> {
    let netuids: BTreeSet<u16> = payouts.iter().map(|payout| payout.netuid).collect();
    let mut lines = Vec::new();
    for netuid in &netuids {
        let prefix = if netuids.len() == 1 { String::new() } else { format!("subnet {netuid}: ") };
        let own: Vec<_> = payouts.iter().filter(|payout| payout.netuid == *netuid).collect();
        lines.push(format!("{prefix}{}", miners(&own)));
        lines.push(format!("{prefix}{}", validators(&own, subnets)));
    }
    if !payouts.is_empty() {
        lines.push(others(payouts, netuids.len() > 1));
    }
    lines
}

/// Those of a role, the one that earned most first; those who earned the same in the order of the cast.
fn of_role<'a>(payouts: impl IntoIterator<Item = &'a Payout>, role: &str) -> Vec<&'a Payout> {
    let mut chosen: Vec<_> = payouts.into_iter().filter(|payout| payout.role == role).collect();
    chosen.sort_by_key(|payout| std::cmp::Reverse((payout.value, payout.alpha)));
    chosen
}

fn pay(payout: &Payout) -> String {
    let alpha = short(payout.alpha.get());
    match payout.fees_earned {
        Rao::ZERO => format!("{alpha} alpha"),
        fees => format!("{alpha} alpha and {} tao in fees", short(fees.get())),
    }
}

fn answers(payout: &Payout) -> String {
    let quality = payout.quality_milli;
    let quality =
        format!("{}.{:03} {}", grouped((quality / 1_000).into()), quality % 1_000, payout.quality_unit);
    match (payout.answers_ok, payout.answers_bad, payout.answers_missing) {
        (0, 0, 0) => "received no requests".to_owned(),
        (0, bad, missing) => format!("no answer of it was right ({bad} wrong, {missing} missing)"),
        (ok, 0, 0) => format!("all {ok} answers right, {quality}"),
        (ok, bad, missing) => format!("{ok} answers right, {bad} wrong, {missing} missing, {quality}"),
    }
}

fn miners(payouts: &[&Payout]) -> String {
    best_and_least("miners", &of_role(payouts.iter().copied(), "miner"), answers)
}

fn validators(payouts: &[&Payout], subnets: &[SubnetReport]) -> String {
    let stake = |payout: &Payout| {
        let neurons =
            subnets.iter().filter(|subnet| subnet.netuid == payout.netuid).flat_map(|subnet| &subnet.neurons);
        let own = neurons.clone().find(|neuron| neuron.name == payout.name);
        match own {
            Some(own) => format!("{} alpha of stake, vtrust {}", short(own.stake.get()), share(own.vtrust)),
            None => "no uid".to_owned(),
        }
    };
    best_and_least("validators", &of_role(payouts.iter().copied(), "validator"), stake)
}

fn best_and_least(role: &str, ranked: &[&Payout], why: impl Fn(&Payout) -> String) -> String {
    match ranked {
        [] => format!("{role}: none in the cast"),
        [one] => format!("{role}: {} earned {}: {}", one.name, pay(one), why(one)),
        [best, .., least] if best.value == least.value && best.alpha == least.alpha => format!(
            "{role}: all {} earned the same, {}: {}: {}",
            ranked.len(),
            pay(best),
            best.name,
            why(best)
        ),
        [best, .., least] => format!(
            "{role}: {} earned most, {}: {}; {} ({}) earned least, {}: {}",
            best.name,
            pay(best),
            why(best),
            least.name,
            least.tactic,
            pay(least),
            why(least)
        ),
    }
}

fn others(payouts: &[Payout], several: bool) -> String {
    let users = of_role(payouts, "user");
    let paid: u64 = users.iter().map(|user| user.fees_paid.get()).fold(0, u64::saturating_add);
    let right: u64 = users.iter().map(|user| user.answers_ok).sum();
    let users = match right {
        _ if users.is_empty() => "users: none in the cast".to_owned(),
        0 => "users: paid for no answer".to_owned(),
        right => format!(
            "users: paid {} tao for {right} right answers ({} each), shared by the best answer's author and the validator",
            short(paid),
            short(paid.checked_div(right).unwrap_or(TAO))
        ),
    };
    let owners: Vec<_> = of_role(payouts, "owner")
        .iter()
        .map(|owner| {
            let whose = if several { format!(" of subnet {}", owner.netuid) } else { String::new() };
            format!("{} {} alpha{whose}", owner.name, short(owner.alpha.get()))
        })
        .collect();
    format!("{users}; owner's cut: {}", owners.join(", "))
}
