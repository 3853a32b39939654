//! Block emission against the recorded vector; registration price decay against the specification's figures.

use chain::emission_schedule::{TOTAL_SUPPLY, block_emission, burn_decay_factor, decayed_burn};

#[test]
fn block_emission_equals_the_recorded_one() {
    let lines = fixtures::pallet::lines("fn_block_emission").unwrap();
    assert!(lines.len() >= 668);
    for line in lines {
        let issuance = line["issuance"].as_u64().unwrap();
        assert_eq!(Some(block_emission(issuance, TOTAL_SUPPLY)), line["emission"]["Ok"].as_u64(), "{line}");
    }
}

#[test]
fn emission_halves_at_exact_thresholds() {
    let emission = |issuance| block_emission(issuance, TOTAL_SUPPLY);
    assert_eq!(emission(0), 1_000_000_000);
    assert_eq!(emission(10_499_999_999_999_999), 1_000_000_000);
    assert_eq!(emission(10_500_000_000_000_000), 500_000_000);
    assert_eq!(emission(15_750_000_000_000_000), 250_000_000);
    assert_eq!(emission(18_374_999_999_999_999), 250_000_000);
    assert_eq!(emission(18_375_000_000_000_000), 125_000_000);
    assert_eq!(emission(TOTAL_SUPPLY - 1), 0);
    assert_eq!(emission(TOTAL_SUPPLY), 0);
    assert_eq!(emission(u64::MAX), 0);
}

#[test]
fn burn_decay_figures_of_the_specification() {
    for (half_life, factor) in [
        (1, 2_147_483_648),
        (2, 3_037_000_500),
        (10, 4_007_346_185),
        (360, 4_286_705_684),
        (1_000, 4_291_991_283),
        (36_100, 4_294_884_830),
    ] {
        assert_eq!(burn_decay_factor(half_life), factor, "half-life {half_life}");
    }
    let after = |burn, half_life, blocks| {
        (0..blocks).fold(burn, |burn, _| decayed_burn(burn, burn_decay_factor(half_life)))
    };
    assert_eq!(after(1_000_000_000, 360, 360), 499_999_865);
    assert_eq!([1, 2, 3, 4].map(|blocks| after(1_024, 2, blocks)), [724, 511, 361, 255]);
    assert_eq!(after(777, 0, 5), 777);
}
