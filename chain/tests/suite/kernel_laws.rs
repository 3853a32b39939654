//! Laws of the consensus kernel: the fast version equals the plain one on random epochs, and allocates nothing.

use chain::kernel::{
    Aggregate, EpochInput, EpochParams, MinCommitBlocks, Rows, Scratch, accumulate, epoch, epochs,
    mechanism_weight, reference, split_emission,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

/// Columns may lie beyond the last uid and repeat, values may be zero, order is as it comes.
fn wild_row(n: usize) -> impl Strategy<Value = Vec<(u16, u16)>> {
    let value = prop_oneof![2 => Just(0u16), 2 => Just(u16::MAX), 6 => any::<u16>(), 2 => 0u16..4];
    vec((0..n as u16 + 2, value), 0..=n + 2)
}

/// Ascending columns without repetition, as most validators submit.
fn tidy_row(n: usize) -> impl Strategy<Value = Vec<(u16, u16)>> {
    wild_row(n).prop_map(|mut row| {
        row.sort_by_key(|entry| entry.0);
        row.dedup_by_key(|entry| entry.0);
        row
    })
}

/// Every column, the same value now and then, so that medians tie.
fn full_row(n: usize) -> impl Strategy<Value = Vec<(u16, u16)>> {
    vec(prop_oneof![Just(100u16), Just(200u16), any::<u16>()], n)
        .prop_map(|values| (0..).zip(values).collect())
}

fn rows(n: usize) -> impl Strategy<Value = Rows> {
    let row = prop_oneof![3 => tidy_row(n), 2 => wild_row(n), 3 => full_row(n), 1 => Just(Vec::new())];
    vec(row, 0..=n + 1).prop_map(|rows| {
        let mut out = Rows::new();
        for row in rows {
            out.push_row(row);
        }
        out
    })
}

/// Bonds as they stand after quiet epochs: beside every weight on others, and nowhere else.
fn beside(weights: &Rows, random: &Rows) -> Rows {
    let mut bonds = Rows::new();
    for (uid, row) in weights.iter().enumerate() {
        let values = random.row(uid).iter().map(|entry| entry.1).chain(std::iter::repeat(7));
        let others = row.iter().zip(values).filter(|((column, _), _)| usize::from(*column) != uid);
        bonds.push_row(others.map(|((column, _), value)| (*column, value)));
    }
    bonds
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => Just(0u64),
        1 => 1u64..5,
        6 => 0u64..10_000_000_000_000_000,
        1 => Just(5_000_000_000_000),
        1 => (0u32..64).prop_map(|bit| 1 << bit),
    ]
}

fn block() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 900u64..1_000, 1 => 0u64..3, 1 => Just(u64::MAX)]
}

/// Commits by account: queues and buckets, some of them expired.
fn commits(n: usize) -> impl Strategy<Value = Vec<u64>> {
    let queues = vec((0..n as u16 + 1, vec((3u64..12, block()), 0..4)), 0..4);
    let buckets = vec((3u64..12, vec((0..n as u16 + 1, block()), 0..4)), 0..3);
    (queues, buckets).prop_map(move |(queues, buckets)| {
        let rule = MinCommitBlocks { current_epoch: 10, reveal_period_epochs: 2 };
        let mut blocks = Vec::new();
        MinCommitBlocks::reset(&mut blocks, n);
        for (uid, queue) in queues {
            rule.queue(&mut blocks, uid, queue);
        }
        for (epoch, bucket) in buckets {
            rule.timelocked(&mut blocks, epoch, bucket);
        }
        blocks
    })
}

fn inputs(n: usize, mechanisms: usize) -> impl Strategy<Value = Vec<EpochInput>> {
    let neurons = (
        vec(amount(), n),
        vec(amount(), n),
        vec(block(), n),
        vec(any::<bool>(), 0..=n),
        prop_oneof![Just(None), (0..n as u16 + 2).prop_map(Some)],
        prop_oneof![2 => Just(0u64), 8 => 800u64..1_000],
        prop_oneof![9 => Just(1_000u64), 1 => Just(u64::MAX)],
    );
    let matrices = (rows(n), rows(n), any::<bool>()).prop_map(|(weights, bonds, quiet)| {
        let bonds = if quiet { beside(&weights, &bonds) } else { bonds };
        (weights, bonds)
    });
    let mechanism = (vec(block(), 0..=n + 1), commits(n), matrices, amount());
    (neurons, vec(mechanism, mechanisms)).prop_map(|(neurons, mechanisms)| {
        let (alpha, tao, registered, permits, owner_uid, last_mechanism_step_block, current_block) = neurons;
        let input = |(last_update, min_commit_block, (weights, bonds), rao_emission)| EpochInput {
            current_block,
            last_mechanism_step_block,
            rao_emission,
            owner_uid,
            alpha_stake: alpha.clone(),
            tao_stake: tao.clone(),
            block_at_registration: registered.clone(),
            validator_permit: permits.clone(),
            last_update,
            min_commit_block,
            weights,
            bonds,
        };
        mechanisms.into_iter().map(input).collect()
    })
}

fn params() -> impl Strategy<Value = EpochParams> {
    let share = || prop_oneof![1 => Just(0u16), 2 => Just(u16::MAX), 1 => Just(32_767u16), 3 => any::<u16>()];
    let average = prop_oneof![4 => Just(900_000u64), 4 => 0u64..1_000_001, 1 => 1_000_000u64..3_000_000, 1 => any::<u64>()];
    let steepness = prop_oneof![3 => Just(1_000i16), 1 => Just(200i16), 3 => any::<i16>()];
    let stake = (
        prop_oneof![2 => 0u16..6, 1 => Just(64u16)],
        prop_oneof![4 => Just(0u64), 2 => amount()],
        prop_oneof![3 => Just(971_718_665_099_567_868u64), 1 => Just(0u64), 1 => any::<u64>()],
    );
    let time =
        (prop_oneof![4 => Just(360u16), 1 => any::<u16>()], prop_oneof![3 => 0u32..400, 1 => any::<u32>()]);
    (share(), share(), average, stake, time, any::<[bool; 3]>(), share(), share(), steepness).prop_map(
        |(
            kappa,
            bonds_penalty,
            bonds_moving_average,
            stake,
            time,
            flags,
            alpha_low,
            alpha_high,
            steepness,
        )| {
            EpochParams {
                tempo: time.0,
                activity_cutoff_factor_milli: time.1,
                kappa,
                bonds_penalty,
                bonds_moving_average,
                max_allowed_validators: stake.0,
                stake_threshold: stake.1,
                tao_weight: stake.2,
                yuma3_on: flags[0],
                liquid_alpha_on: flags[1],
                alpha_low,
                alpha_high,
                alpha_sigmoid_steepness: steepness,
                commit_reveal_weights_enabled: flags[2],
            }
        },
    )
}

type Random = (Vec<EpochInput>, EpochParams, u64, Option<Vec<u16>>);

fn random_epochs() -> impl Strategy<Value = Random> {
    let size = prop_oneof![8 => 0usize..12, 2 => 12usize..40, 1 => 64usize..80];
    let inputs = (size, prop_oneof![4 => Just(1usize), 1 => 2usize..4]).prop_flat_map(|(n, m)| inputs(n, m));
    let rao = prop_oneof![9 => amount(), 1 => any::<u64>()];
    (inputs, params(), rao, proptest::option::of(vec(any::<u16>(), 0..4)))
}

/// Both versions on the same epochs, the fast one with and without wide vectors; the aggregate of all mechanisms is
/// built by hand for the plain one.
fn agree(
    scratches: &mut [Scratch; 2],
    aggregate: &mut Aggregate,
    random: &Random,
) -> Result<(), TestCaseError> {
    let (inputs, params, rao, split) = random;
    let mut parts = Vec::new();
    split_emission(*rao, split.as_deref(), inputs.len(), &mut parts);
    prop_assert!(split.is_some() || parts.iter().sum::<u64>() == *rao);
    let plain: Vec<_> = inputs
        .iter()
        .zip(&parts)
        .map(|(input, part)| reference::epoch(&EpochInput { rao_emission: *part, ..input.clone() }, params))
        .collect();
    let mut expected = Aggregate { split: parts.clone(), ..Aggregate::default() };
    expected.reset(inputs.first().map_or(0, EpochInput::n));
    for (index, (outcome, part)) in plain.iter().zip(&parts).enumerate() {
        expected.add(&outcome.output(), mechanism_weight(index, *part, *rao));
    }
    for scratch in scratches {
        let mut differ = Vec::new();
        epochs(inputs, params, *rao, split.as_deref(), scratch, aggregate, |index, out| {
            if out != plain[index].output() {
                differ.push(format!("mechanism {index}: fast {out:?}\nplain {:?}", plain[index].output()));
            }
        });
        prop_assert!(differ.is_empty(), "{}", differ.join("\n"));
        prop_assert_eq!(&*aggregate, &expected);
        if let ([input], Some(outcome)) = (&inputs[..], plain.first()) {
            if *rao > 0 {
                prop_assert_eq!(
                    &aggregate.emission[..],
                    outcome.output().emission,
                    "one mechanism is the identity"
                );
            }
            let alone = epoch(input, params, scratch);
            let plain = reference::epoch(input, params);
            prop_assert_eq!(alone, plain.output());
        }
    }
    Ok(())
}

#[test]
fn fast_equals_plain() {
    let cases = if fixtures::slow() { 10_000 } else { 256 };
    let (mut scratches, mut aggregate) = ([Scratch::default(), Scratch::narrow()], Aggregate::default());
    let (mut run, mut by_mode) = (0, [0; 4]);
    let cell = std::cell::RefCell::new((&mut scratches, &mut aggregate, &mut run, &mut by_mode));
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(&random_epochs(), |random| {
        let (scratches, aggregate, run, by_mode) = &mut *cell.borrow_mut();
        **run += 1;
        by_mode[usize::from(random.1.yuma3_on) * 2 + usize::from(random.1.liquid_alpha_on)] += 1;
        agree(scratches, aggregate, &random)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    println!(
        "fast equals plain on {run} random epochs (yuma2, with liquid alpha on, yuma3, with liquid alpha: {by_mode:?})"
    );
    assert!(run >= cases && by_mode.iter().all(|&count| count > 0));
}

#[test]
fn accumulating_with_a_full_weight_adds() {
    assert_eq!(accumulate(5, u64::MAX - 5, 1 << 64), u64::MAX);
    assert_eq!(accumulate(5, u64::MAX, 1 << 64), u64::MAX, "saturates");
    assert_eq!(accumulate(7, 9, 0), 7);
    assert_eq!(accumulate(7, 9, 1 << 63), 11, "half of nine is floored");
}

/// A dense subnet of 16 uids, in any mode.
fn sixteen(params: EpochParams) -> (EpochInput, EpochParams) {
    let mut input = EpochInput {
        current_block: 1_000,
        last_mechanism_step_block: 640,
        rao_emission: 1_000_000_000,
        owner_uid: Some(3),
        alpha_stake: (0..16).map(|i| if i < 8 { 1_000_000 * (i + 1) } else { 0 }).collect(),
        tao_stake: vec![500_000; 16],
        block_at_registration: vec![1; 16],
        validator_permit: (0..16).map(|i| i < 8).collect(),
        last_update: vec![990; 16],
        ..EpochInput::default()
    };
    for i in 0..16u16 {
        // Row 5 is submitted backwards, so that the paths of unsorted rows are taken too.
        let row = (0..16).map(|j| (if i == 5 { 15 - j } else { j }, (i * 37 + j * 101) % 997));
        input.weights.push_row(row.clone().filter(|_| i < 8));
        input.bonds.push_row(row.map(|(j, value)| (j, value * 60)));
    }
    (input, params)
}

#[test]
fn an_epoch_allocates_nothing_after_warm_up() {
    let base = EpochParams { max_allowed_validators: 8, ..EpochParams::default() };
    let modes = [
        EpochParams { yuma3_on: false, ..base },
        base,
        EpochParams { liquid_alpha_on: true, ..base },
        EpochParams { liquid_alpha_on: true, bonds_penalty: 0, ..base },
        EpochParams { bonds_penalty: 30_000, ..base },
        EpochParams { bonds_moving_average: 1_500_000, ..base },
    ];
    for params in modes {
        let (input, params) = sixteen(params);
        let mut scratch = Scratch::default();
        let cold = allocation_counter::measure(|| {
            epoch(&input, &params, &mut scratch);
        });
        assert!(cold.count_total > 0, "the counter counts");
        let warm = allocation_counter::measure(|| {
            epoch(&input, &params, &mut scratch);
        });
        assert_eq!(warm.count_total, 0, "{params:?}");
    }
}

#[test]
fn filling_an_input_again_allocates_nothing() {
    let (full, params) = sixteen(EpochParams::default());
    let inputs = [full.clone(), full.clone()];
    let (mut scratch, mut aggregate) = (Scratch::default(), Aggregate::default());
    let mut input = full.clone();
    let mut refill = || {
        input.clear();
        input.alpha_stake.extend_from_slice(&full.alpha_stake);
        for row in full.weights.iter() {
            input.weights.push_row(row.iter().copied());
        }
        epochs(&inputs, &params, 1_000, Some(&[40_000]), &mut scratch, &mut aggregate, |_, _| {});
    };
    refill();
    assert_eq!(allocation_counter::measure(refill).count_total, 0);
}
