//! Single functions of the consensus, by the names the vector files give them.

use super::Fault;
use super::json::{Row, array, boolean, field, get, int, ints, list, rows, same, same_rows};
use crate::kernel::fixed::{self, Bits};
use crate::kernel::reference::{liquid, matrix, median, stake};
use crate::kernel::{accumulate, mechanism_weight, split_emission, weights};
use serde_json::Value;

/// The arguments of a function, by position.
struct Args<'a>(&'a [Value]);

impl<'a> Args<'a> {
    fn read<T>(&self, index: usize, item: impl Fn(&'a Value, &str) -> Result<T, Fault>) -> Result<T, Fault> {
        let path = format!("args[{index}]");
        match self.0.get(index) {
            Some(value) => item(value, &path),
            None => Err(Fault::Missing(path)),
        }
    }

    fn bits(&self, index: usize) -> Result<Bits, Fault> {
        self.read(index, int)
    }

    fn vector(&self, index: usize) -> Result<Vec<Bits>, Fault> {
        self.read(index, ints)
    }

    fn matrix(&self, index: usize) -> Result<Vec<Row<Bits>>, Fault> {
        self.read(index, rows)
    }

    fn columns(&self, index: usize) -> Result<usize, Fault> {
        self.read(index, int::<u16>).map(usize::from)
    }
}

pub(super) fn check(line: &Value) -> Result<(), Fault> {
    let name = field(line, "fn")?.as_str().unwrap_or_default();
    let arguments = field(line, "args")?;
    match name {
        "split_emissions" => return check_split(line, arguments),
        "weighted_acc" => return check_weighted(line, arguments),
        _ => {}
    }
    let args = Args(array(arguments, "args")?);
    match name {
        _ if name.starts_with("i32f32_") => check_arithmetic(name, line, &args),
        "exp_safe"
        | "alpha_sigmoid(consensus,weight,bond,alpha_low_u16,alpha_high_u16,steepness_i16)"
        | "u16_proportion_to_fixed"
        | "fixed_proportion_to_u16"
        | "emission_u64(normalized_i32f32,rao)"
        | "alpha_from_bonds_moving_average"
        | "total_stake(alpha,tao,tao_weight)" => check_scalar(name, line, &args),
        "stake_normalize_u64_to_i32f32"
        | "vec_u16_max_upscale_to_u16"
        | "check_vec_max_limited"
        | "is_topk_nonzero"
        | "inplace_normalize"
        | "weighted_median(stake,score,minority,lo=0,hi=sum)"
        | "weighted_median_col_sparse(stake,score,columns,kappa_u16)" => check_vector(name, line, &args),
        _ => check_matrix(name, line, &args),
    }
}

fn check_arithmetic(name: &str, line: &Value, args: &Args<'_>) -> Result<(), Fault> {
    let function = match name {
        "i32f32_saturating_mul" => fixed::mul,
        "i32f32_safe_div" => fixed::div_or_zero,
        "i32f32_saturating_div" => fixed::div_saturating,
        "i32f32_saturating_add" => fixed::add,
        "i32f32_saturating_sub" => fixed::sub,
        "i32f32_checked_mul_or_zero(vec_mul)" => fixed::mul_or_zero,
        _ => return Err(Fault::UnknownFunction(name.to_owned())),
    };
    returns(line, function(args.bits(0)?, args.bits(1)?))
}

/// Compares a single result.
fn returns<T: super::json::Int>(line: &Value, got: T) -> Result<(), Fault> {
    named(line, "ret", got)
}

fn named<T: super::json::Int>(line: &Value, name: &str, got: T) -> Result<(), Fault> {
    let expected: T = get(line, name, int)?;
    match expected == got {
        true => Ok(()),
        false => Err(Fault::Differs {
            field: name.to_owned(),
            expected: expected.to_string(),
            got: got.to_string(),
        }),
    }
}

fn check_scalar(name: &str, line: &Value, args: &Args<'_>) -> Result<(), Fault> {
    match name {
        "exp_safe" => returns(line, liquid::exp(args.bits(0)?)),
        "u16_proportion_to_fixed" => {
            let bits = fixed::proportion(args.read(0, int)?);
            returns(line, bits)?;
            named(line, "back_fixed_proportion_to_u16", fixed::quantise(bits))
        }
        "fixed_proportion_to_u16" => returns(line, fixed::quantise(args.bits(0)?)),
        "emission_u64(normalized_i32f32,rao)" => {
            returns(line, fixed::share_of_rao(args.bits(0)?, args.read(1, int)?))
        }
        "alpha_from_bonds_moving_average" => {
            let alpha = fixed::bonds_alpha(args.read(0, int)?);
            returns(line, alpha)?;
            let averaged = matrix::ema(&vec![vec![(0, fixed::ONE)]], &vec![Vec::new()], alpha);
            let name = "ema_of_one_with_empty_old";
            same_rows(name, &get(line, name, rows)?, &averaged)
        }
        "total_stake(alpha,tao,tao_weight)" => {
            let weight = fixed::tao_weight_bits(args.read(2, int)?);
            let total = fixed::total_stake(args.read(0, int)?, args.read(1, int)?, weight);
            named(line, "tao_weight_u96f32_bits", weight)?;
            named(line, "ret_i64f64_bits", total)?;
            named(line, "ret_u64", (total >> 64) as u64)
        }
        _ => {
            let sigmoid = liquid::Sigmoid {
                low: fixed::proportion(args.read(3, int)?),
                high: fixed::proportion(args.read(4, int)?),
                steepness: args.read(5, int)?,
            };
            returns(line, sigmoid.alpha(args.bits(0)?, args.bits(1)?, args.bits(2)?))
        }
    }
}

fn check_vector(name: &str, line: &Value, args: &Args<'_>) -> Result<(), Fault> {
    let expected = || get(line, "ret", ints);
    match name {
        "stake_normalize_u64_to_i32f32" => {
            let stake: Vec<u64> = args.read(0, ints)?;
            let wide: Vec<i128> = stake.iter().map(|&rao| fixed::total_stake(rao, 0, 0)).collect();
            let shares = stake::normalize_stake(&wide);
            same("i64f64_bits", &get(line, "i64f64_bits", ints)?, &shares)?;
            let narrow: Vec<Bits> = shares.iter().map(|share| (share >> 32) as Bits).collect();
            same("ret", &expected()?, &narrow)
        }
        "vec_u16_max_upscale_to_u16" => {
            let mut values: Vec<u16> = args.read(0, ints)?;
            weights::max_upscale(&mut values);
            same("ret", &get(line, "ret", ints)?, &values)
        }
        "check_vec_max_limited" => {
            let values: Vec<u16> = args.read(0, ints)?;
            let within = weights::max_limited(&values, args.read(1, int)?);
            same("ret", &[get(line, "ret", boolean)?], &[within])
        }
        "is_topk_nonzero" => {
            let permits = stake::top_k_nonzero(&args.vector(0)?, args.read(1, int::<u16>)?.into());
            same("ret", &get(line, "ret", |value, path| list(value, path, boolean))?, &permits)
        }
        "inplace_normalize" => {
            let mut values = args.vector(0)?;
            fixed::normalize(&mut values);
            same("ret", &expected()?, &values)
        }
        "weighted_median(stake,score,minority,lo=0,hi=sum)" => {
            let (stake, score) = (args.vector(0)?, args.vector(1)?);
            returns(line, median::weighted_median(&stake, &score, args.bits(2)?, args.bits(3)?))
        }
        _ => {
            let (stake, score) = (args.vector(0)?, args.matrix(1)?);
            let kappa = args.read(3, int)?;
            let consensus = median::weighted_median_columns(&stake, &score, args.columns(2)?, kappa);
            same("ret", &expected()?, &consensus)
        }
    }
}

fn check_matrix(name: &str, line: &Value, args: &Args<'_>) -> Result<(), Fault> {
    let returns_rows = |got: &Vec<Row<Bits>>| same_rows("ret", &get(line, "ret", rows)?, got);
    let returns_vector = |got: &[Bits]| same("ret", &get(line, "ret", ints)?, got);
    match name {
        "inplace_row_normalize_sparse" => {
            let mut matrix = args.matrix(0)?;
            matrix::row_normalize(&mut matrix);
            returns_rows(&matrix)
        }
        "inplace_col_normalize_sparse" => {
            let mut matrix = args.matrix(0)?;
            matrix::column_normalize(&mut matrix, args.columns(1)?);
            returns_rows(&matrix)
        }
        "inplace_col_max_upscale_sparse" => {
            let mut matrix = args.matrix(0)?;
            matrix::column_max_upscale(&mut matrix, args.columns(1)?);
            returns_rows(&matrix)
        }
        "col_clip_sparse" => returns_rows(&matrix::column_clip(&args.matrix(0)?, &args.vector(1)?)),
        "interpolate_sparse" => {
            let (a, b) = (args.matrix(0)?, args.matrix(1)?);
            returns_rows(&matrix::interpolate(&a, &b, args.columns(2)?, args.bits(3)?))
        }
        "matmul_sparse" => returns_vector(&matrix::weighted_column_sums(
            &args.matrix(0)?,
            &args.vector(1)?,
            args.columns(2)?,
        )),
        "matmul_transpose_sparse" | "mat_vec_mul_sparse+row_sum_sparse" => {
            returns_vector(&matrix::weighted_row_sums(&args.matrix(0)?, &args.vector(1)?))
        }
        "row_hadamard_sparse" => returns_rows(&matrix::row_hadamard(&args.matrix(0)?, &args.vector(1)?)),
        "mat_ema_sparse(new,old,alpha)" => {
            returns_rows(&matrix::ema(&args.matrix(0)?, &args.matrix(1)?, args.bits(2)?))
        }
        "mat_ema_alpha_sparse(new,old,alpha_matrix)" => {
            let alphas = args.read(2, |value, path| list(value, path, ints))?;
            returns_rows(&liquid::ema_with_alphas(&args.matrix(0)?, &args.matrix(1)?, &alphas))
        }
        "compute_liquid_alpha_values_sparse(weights,bonds,consensus,steepness; alpha_low=45875, alpha_high=58982)" =>
        {
            let sigmoid = liquid::Sigmoid {
                low: fixed::proportion(45_875),
                high: fixed::proportion(58_982),
                steepness: args.read(3, int)?,
            };
            let alphas = sigmoid.alphas(&args.matrix(0)?, &args.matrix(1)?, &args.vector(2)?);
            let expected: Vec<Vec<Bits>> = get(line, "ret", |value, path| list(value, path, ints))?;
            for (index, (expected, got)) in expected.iter().zip(&alphas).enumerate() {
                same(&format!("ret[{index}]"), expected, got)?;
            }
            same("ret.rows", &[expected.len()], &[alphas.len()])
        }
        _ => Err(Fault::UnknownFunction(name.to_owned())),
    }
}

fn check_split(line: &Value, args: &Value) -> Result<(), Fault> {
    let split: Option<Vec<u16>> =
        super::json::optional(args, "split").map(|split| ints(split, "args.split")).transpose()?;
    let mut parts = Vec::new();
    let count = usize::from(get(args, "mechanisms", int::<u16>)?);
    split_emission(get(args, "rao", int)?, split.as_deref(), count, &mut parts);
    same("ret", &get(line, "ret", ints)?, &parts)
}

fn check_weighted(line: &Value, args: &Value) -> Result<(), Fault> {
    // The share of mechanism 0; an index matters only without any emission.
    let weight = mechanism_weight(0, get(args, "sub_emission", int)?, get(args, "rao_emission", int)?);
    named(line, "weight_u64f64_bits", i128::try_from(weight).unwrap_or(i128::MAX))?;
    let narrow = |name: &str| get(args, name, int::<u16>).map(u64::from);
    let share = accumulate(narrow("existing_u16")?, narrow("added_u16")?, weight);
    named(line, "ret_u16", u16::try_from(share).unwrap_or(u16::MAX))?;
    let amount = accumulate(get(args, "existing_u64", int)?, get(args, "added_u64", int)?, weight);
    named(line, "ret_u64", amount)
}
