//! The market that newcomers see: what it promises holds.

use crate::market::{Tested as _, actor, hello, play};
use actors::{DriverKind, Earnings};

#[test]
fn what_miners_earn_follows_what_their_answers_save() {
    let mut run = hello(300).on(DriverKind::Lockstep);
    for record in play(&mut run, 300) {
        let balances = &record.sealed.state.balances;
        let sum: u64 =
            balances.accounts.values().map(|row| row.data.free.get() + row.data.reserved.get()).sum();
        assert_eq!(sum, balances.total_issuance.get(), "I1 at block {}", record.number());
    }
    let earnings = run.earnings().unwrap();
    let of = |name: &str| -> &Earnings { &earnings[actor(&run, name).index()] };
    let honest = ["brook", "zoe", "burt", "dora", "leo", "olaf"].map(of);
    let least = honest.iter().map(|e| e.alpha).min().unwrap();
    for name in ["lazy", "liam", "cora"] {
        assert!(of(name).alpha < least, "{:?} against {least}", of(name));
    }
    assert_eq!(of("liam").answers_ok, 0);
    assert_eq!(of("lazy").quality_milli, 1_000);
    // Dora and Olaf use the same method, and Olaf is away for a while.
    let mut by_ratio = ["brook", "zoe", "burt", "leo"].map(of);
    by_ratio.sort_by_key(|e| std::cmp::Reverse(e.quality_milli));
    assert_eq!(by_ratio[0].name, "brook");
    // Two whose ratios differ by less than two in a hundred may change places.
    for (better, worse) in by_ratio.iter().zip(&by_ratio[1..]) {
        let clearly = better.quality_milli * 98 > worse.quality_milli * 100;
        assert!(!clearly || better.alpha > worse.alpha, "{by_ratio:#?}");
    }
    assert!(of("olaf").answers_missing > 10);
    assert!(of("olaf").alpha < of("dora").alpha);
}
