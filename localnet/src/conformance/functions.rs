//! Lines of the `fn_*` vectors: one call of one pure function each, with its recorded results.

use std::{fmt::Display, str::FromStr};

use chain::emission_schedule::{TOTAL_SUPPLY, block_emission};
use chain::math::fixed::{I32F32, U64F64};
use chain::math::{safe_float::SafeFloat, transcendental};
use chain::pool::{self, Balancer, Order, Power, Reserves, Side};
use serde_json::Value;
use thiserror::Error;

/// A recorded function, named as its vector file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// Weights, prices and amounts of a pool.
    Balancer,
    /// Emission of a block by issuance.
    BlockEmission,
    /// exp, ln and log2 of fixed point numbers.
    Fixed,
    /// Decay of a lock by age.
    LockDecay,
    /// The pool's power function.
    Pow,
    /// Arithmetic of share pools.
    SafeFloat,
    /// Normalisation of a share.
    SafeFloatNew,
    /// A swap against a pool.
    Swap,
}

/// The first field of a line in which this chain and the recorded one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Name of the field in the line.
    pub field: &'static str,
    /// What was recorded.
    pub expected: String,
    /// What this chain computes.
    pub got: String,
}

/// Why a line does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineError {
    /// The function computes something else.
    #[error("{function}: {}: expected {}, got {}", difference.field, difference.expected, difference.got)]
    Differs {
        /// The function.
        function: &'static str,
        /// Where it differs.
        difference: Difference,
    },
    /// The line lacks a field, or the field does not hold what the function needs.
    #[error("malformed line: field `{field}` {problem}")]
    Malformed {
        /// Name of the field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// No function with this name is recorded.
    #[error("unknown function `{0}`; known are {known}", known = Function::ALL.map(Function::name).join(", "))]
    UnknownFunction(String),
    /// No recorded function has lines of this shape.
    #[error("unknown function: no recorded function has the fields {0}")]
    UnknownShape(String),
}

impl Function {
    /// Every recorded function. A name that begins with another one comes first.
    pub const ALL: [Self; 8] = [
        Self::Balancer,
        Self::BlockEmission,
        Self::Fixed,
        Self::LockDecay,
        Self::Pow,
        Self::SafeFloatNew,
        Self::SafeFloat,
        Self::Swap,
    ];

    /// The name of its vector file, without extension.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Balancer => "fn_balancer",
            Self::BlockEmission => "fn_block_emission",
            Self::Fixed => "fn_fixed",
            Self::LockDecay => "fn_lock_decay",
            Self::Pow => "fn_pow",
            Self::SafeFloat => "fn_safefloat",
            Self::SafeFloatNew => "fn_safefloat_new",
            Self::Swap => "fn_swap",
        }
    }

    /// A field that only this function's lines have.
    const fn mark(self) -> &'static str {
        match self {
            Self::Balancer => "base_needed_for_quote",
            Self::BlockEmission => "emission",
            Self::Fixed => "a_i32f32",
            Self::LockDecay => "exp_decay_u64f64",
            Self::Pow => "base_num",
            Self::SafeFloat => "mul_div",
            Self::SafeFloatNew => "mantissa",
            Self::Swap => "side",
        }
    }

    /// The function of a file name such as `fn_pow`, `fn_pow.jsonl.gz` or `fn_pow_more.jsonl`.
    ///
    /// # Errors
    /// [`LineError::UnknownFunction`] when there is none.
    pub fn from_file_name(name: &str) -> Result<Self, LineError> {
        let stem = name.split('.').next().unwrap_or(name);
        Self::ALL
            .into_iter()
            .find(|function| {
                stem.strip_prefix(function.name())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            })
            .ok_or_else(|| LineError::UnknownFunction(stem.to_owned()))
    }

    /// The function whose shape a line has.
    ///
    /// # Errors
    /// [`LineError::UnknownShape`] when there is none.
    pub fn of_line(line: &Value) -> Result<Self, LineError> {
        Self::ALL.into_iter().find(|function| line.get(function.mark()).is_some()).ok_or_else(|| {
            let fields = line.as_object().map(|object| object.keys().map(String::as_str).collect::<Vec<_>>());
            LineError::UnknownShape(fields.map_or_else(|| line.to_string(), |fields| fields.join(", ")))
        })
    }

    /// Calls the function with the line's arguments and compares every result.
    ///
    /// # Errors
    /// The first difference, or what is wrong with the line.
    pub fn check(self, line: &Value) -> Result<(), LineError> {
        let line = Line { function: self.name(), value: line };
        match self {
            Self::Balancer => check_balancer(line),
            Self::BlockEmission => check_block_emission(line),
            Self::Fixed => check_fixed(line),
            Self::LockDecay => check_lock_decay(line),
            Self::Pow => check_pow(line),
            Self::SafeFloat => check_safe_float(line),
            Self::SafeFloatNew => check_safe_float_new(line),
            Self::Swap => check_swap(line),
        }
    }
}

/// Checks a line of any `fn_*` file; its fields tell the function.
///
/// # Errors
/// The first difference, or what is wrong with the line.
pub fn check_line(line: &Value) -> Result<(), LineError> {
    Function::of_line(line)?.check(line)
}

fn check_balancer(line: Line<'_>) -> Result<(), LineError> {
    let reserves = line.reserves()?;
    let balancer = line.balancer()?;
    let price = balancer.price(reserves);
    line.expect("price_u64f64", price.to_bits())?;
    let sold = balancer.exp_base_quote(reserves.alpha, line.integer::<u64>("dx")?.into());
    line.expect("exp_base_quote_u64f64", sold.to_bits())?;
    let bought = balancer.exp_quote_base(reserves.tao, line.integer::<u64>("dy")?.into());
    line.expect("exp_quote_base_u64f64", bought.to_bits())?;
    let up = U64F64::from_bits(line.integer("target_up_u64f64")?);
    line.expect("quote_delta_in", balancer.quote_delta_in(price, up, reserves.tao))?;
    let down = U64F64::from_bits(line.integer("target_down_u64f64")?);
    line.expect("base_delta_in", balancer.base_delta_in(price, down, reserves.alpha))?;
    line.expect("base_needed_for_quote", balancer.base_needed_for_quote(reserves, line.integer("dt")?))?;
    let added = balancer.with_added_liquidity(reserves, line.integer("add_tao")?, line.integer("add_alpha")?);
    line.expect("add_ok", added.is_ok())?;
    line.expect("new_quote_weight_parts", added.unwrap_or(balancer).quote_weight())
}

fn check_block_emission(line: Line<'_>) -> Result<(), LineError> {
    let emission = line.field("emission")?;
    let expected = emission.get("Ok").unwrap_or(emission);
    line.compare("emission", text(expected), block_emission(line.integer("issuance")?, TOTAL_SUPPLY))
}

fn check_fixed(line: Line<'_>) -> Result<(), LineError> {
    let (a, b) = (I32F32::from_bits(line.integer("a_i32f32")?), I32F32::from_bits(line.integer("b_i32f32")?));
    let or_null =
        |result: Option<I32F32>| result.map_or_else(|| NULL.to_owned(), |x| x.to_bits().to_string());
    line.expect("exp", or_null(transcendental::exp(a)))?;
    line.expect("ln", or_null(transcendental::ln(b)))?;
    line.expect("log2", or_null(transcendental::log2(b)))
}

fn check_lock_decay(line: Line<'_>) -> Result<(), LineError> {
    let decay = transcendental::exp_decay(line.integer("dt")?, line.integer("tau")?);
    line.expect("exp_decay_u64f64", decay.to_bits())
}

fn check_pow(line: Line<'_>) -> Result<(), LineError> {
    let base = (line.integer("base_num")?, line.integer("base_den")?);
    let exponent = (line.integer("exp_num")?, line.integer("exp_den")?);
    let got = match pool::pow(base, exponent, line.integer("precision")?, line.integer("scale")?) {
        None => NULL.to_owned(),
        Some(Power::Fits(value)) => value.to_string(),
        Some(Power::Above) => u64::MAX.to_string(),
        Some(Power::Negative(value)) => value.to_string(),
    };
    // No caller tells apart what is above 64 bits, so results compare as min(result, 2^64 - 1).
    let mut expected = text(line.field("res")?);
    if expected != NULL {
        let (negative, digits) = (expected.starts_with('-'), expected.trim_start_matches('-'));
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(malformed("res", "is not an integer"));
        }
        if negative {
            expected = expected.parse().unwrap_or(i128::MIN).to_string();
        } else {
            expected = expected.parse().unwrap_or(u64::MAX).to_string();
        }
    }
    line.compare("res", expected, got)
}

fn check_safe_float(line: Line<'_>) -> Result<(), LineError> {
    let (a, b, c) = (line.safe_float("a")?, line.safe_float("b")?, line.safe_float("c")?);
    line.expect("a_u64", a.to_u64())?;
    line.expect("add", safe_float_text(Some(a.saturating_add(b))))?;
    line.expect("sub", safe_float_text(a.checked_sub(b)))?;
    line.expect("div", safe_float_text(a.checked_div(b)))?;
    line.expect("mul_div", safe_float_text(a.mul_div(b, c)))?;
    line.expect("gt", a.gt(b))
}

fn check_safe_float_new(line: Line<'_>) -> Result<(), LineError> {
    let number = SafeFloat::new(line.integer("mantissa")?, line.integer("exponent")?);
    line.expect("res", safe_float_text(number))
}

fn check_swap(line: Line<'_>) -> Result<(), LineError> {
    let order = Order {
        side: match line.field("side")?.as_str() {
            Some("buy") => Side::Buy,
            Some("sell") => Side::Sell,
            _ => return Err(malformed("side", "is neither \"buy\" nor \"sell\"")),
        },
        amount: line.integer("amount_in")?,
        limit_price: line.integer("limit_price")?,
        fee_rate: line.integer("fee_rate")?,
        drop_fees: line
            .field("drop_fees")?
            .as_bool()
            .ok_or_else(|| malformed("drop_fees", "is not a boolean"))?,
    };
    let got = pool::swap(line.reserves()?, line.balancer()?, &order);
    let recorded = line.field("res")?;
    if let Some(error) = recorded.get("Err") {
        let got = got.map_or_else(|error| error.name().to_owned(), |result| format!("{result:?}"));
        return line.compare("res.Err", error_name(error), got);
    }
    let Some(ok) = recorded.get("Ok") else { return Err(malformed("res", "has neither `Ok` nor `Err`")) };
    let inner = Line { function: line.function, value: ok };
    let result = match got {
        Ok(result) => result,
        Err(error) => return line.compare("res.Ok", ok.to_string(), error.name()),
    };
    inner.expect("in", result.amount_paid_in)?;
    inner.expect("out", result.amount_paid_out)?;
    inner.expect("fee", result.fee_paid)?;
    inner.expect("fee_to_block_author", result.fee_to_block_author)
}

/// The bare name in a recorded error, which may be wrapped as `...message: Some("Name")...` or `Pallet.Name`.
fn error_name(error: &Value) -> String {
    let error = text(error);
    let wrapped =
        error.split_once("Some(\"").and_then(|(_, rest)| rest.split_once('"')).map(|(name, _)| name);
    wrapped.or_else(|| error.rsplit('.').next()).unwrap_or(&error).to_owned()
}

const NULL: &str = "null";

/// A JSON value as it is compared: integers look the same as numbers and as decimal strings.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn safe_float_text(number: Option<SafeFloat>) -> String {
    number.map_or_else(|| NULL.to_owned(), |x| format!("[\"{}\",{}]", x.mantissa, x.exponent))
}

fn malformed(field: &str, problem: impl Into<String>) -> LineError {
    LineError::Malformed { field: field.to_owned(), problem: problem.into() }
}

fn parsed<T: FromStr>(field: &str, value: &Value) -> Result<T, LineError> {
    text(value).parse().map_err(|_| {
        malformed(field, format!("is not an integer of type {}: {value}", std::any::type_name::<T>()))
    })
}

/// One line, or the part of it that holds the results.
#[derive(Clone, Copy)]
struct Line<'a> {
    function: &'static str,
    value: &'a Value,
}

impl<'a> Line<'a> {
    fn field(self, name: &str) -> Result<&'a Value, LineError> {
        self.value.get(name).ok_or_else(|| malformed(name, "is missing"))
    }

    fn integer<T: FromStr>(self, name: &str) -> Result<T, LineError> {
        parsed(name, self.field(name)?)
    }

    fn safe_float(self, name: &str) -> Result<SafeFloat, LineError> {
        let value = self.field(name)?;
        match value.as_array().map(Vec::as_slice) {
            Some([mantissa, exponent]) => {
                Ok(SafeFloat { mantissa: parsed(name, mantissa)?, exponent: parsed(name, exponent)? })
            }
            _ => Err(malformed(name, "is not [mantissa, exponent]")),
        }
    }

    fn reserves(self) -> Result<Reserves, LineError> {
        Ok(Reserves { tao: self.integer("tao_reserve")?, alpha: self.integer("alpha_reserve")? })
    }

    fn balancer(self) -> Result<Balancer, LineError> {
        let field = "quote_weight_parts";
        Balancer::new(self.integer(field)?).map_err(|error| malformed(field, error.to_string()))
    }

    fn expect(self, field: &'static str, got: impl Display) -> Result<(), LineError> {
        self.compare(field, text(self.field(field)?), got)
    }

    fn compare(self, field: &'static str, expected: String, got: impl Display) -> Result<(), LineError> {
        let got = got.to_string();
        if got == expected {
            return Ok(());
        }
        Err(LineError::Differs { function: self.function, difference: Difference { field, expected, got } })
    }
}
