//! Who earned what and why, in three lines: miners, validators, users and owners.

use super::amount::{grouped, short};
use super::model::{Payout, SubnetReport};
use chain::units::{Rao, TAO};

/// The three lines.
pub fn lines(payouts: &[Payout], subnets: &[SubnetReport]) -> Vec<String> {
    vec![miners(payouts), validators(payouts, subnets), others(payouts)]
}

fn of_role<'a>(payouts: &'a [Payout], role: &str) -> Vec<&'a Payout> {
    let mut chosen: Vec<_> = payouts.iter().filter(|payout| payout.role == role).collect();
    // Stable: those who earned the same keep the order of the cast.
    chosen.sort_by_key(|payout| std::cmp::Reverse((payout.alpha, payout.fees_earned)));
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
    let ratio = payout.ratio_milli;
    let ratio = format!("{}.{:03} bytes of text per byte", grouped((ratio / 1_000).into()), ratio % 1_000);
    match (payout.answers_ok, payout.answers_bad, payout.answers_missing) {
        (0, 0, 0) => "nobody asked it".to_owned(),
        (0, bad, missing) => format!("no answer of it was right ({bad} wrong, {missing} missing)"),
        (ok, 0, 0) => format!("all {ok} answers right, {ratio}"),
        (ok, bad, missing) => format!("{ok} answers right, {bad} wrong, {missing} missing, {ratio}"),
    }
}

fn miners(payouts: &[Payout]) -> String {
    match of_role(payouts, "miner").as_slice() {
        [] => "miners: none in the cast".to_owned(),
        [one] => format!("miners: {} earned {}: {}", one.name, pay(one), answers(one)),
        [best, .., least] => format!(
            "miners: {} earned most, {}: {}; {} ({}) earned least, {}: {}",
            best.name,
            pay(best),
            answers(best),
            least.name,
            least.tactic,
            pay(least),
            answers(least)
        ),
    }
}

fn validators(payouts: &[Payout], subnets: &[SubnetReport]) -> String {
    let stake = |payout: &Payout| {
        let neurons =
            subnets.iter().filter(|subnet| subnet.netuid == payout.netuid).flat_map(|subnet| &subnet.neurons);
        let own = neurons.clone().find(|neuron| neuron.name == payout.name);
        match own {
            Some(own) => format!(
                "{} alpha of stake, {} of its weights in consensus",
                short(own.stake.get()),
                super::amount::share(own.vtrust)
            ),
            None => "no uid".to_owned(),
        }
    };
    match of_role(payouts, "validator").as_slice() {
        [] => "validators: none in the cast".to_owned(),
        [one] => format!("validators: {} earned {}: {}", one.name, pay(one), stake(one)),
        [best, .., least] => format!(
            "validators: {} earned most, {}: {}; {} ({}) earned least, {}: {}",
            best.name,
            pay(best),
            stake(best),
            least.name,
            least.tactic,
            pay(least),
            stake(least)
        ),
    }
}

fn others(payouts: &[Payout]) -> String {
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
        .map(|owner| format!("{} {} alpha", owner.name, short(owner.alpha.get())))
        .collect();
    format!("{users}; owner's cut: {}", owners.join(", "))
}
