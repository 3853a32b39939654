//! Measured values: whole numbers of a small unit, so that they compare exactly and print alike everywhere.

use chain::units::TAO;
use std::fmt;

/// What a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Rao; shown and written as TAO.
    Tao,
    /// Alpha rao; shown and written as alpha.
    Alpha,
    /// 65,535ths; shown and written as a fraction of one.
    Share,
    /// Millionths; shown and written as a fraction.
    Ratio,
    /// Things.
    Count,
    /// Blocks.
    Blocks,
}

impl Unit {
    /// How many of the small unit make one as people write it.
    pub const fn scale(self) -> i128 {
        match self {
            Self::Tao | Self::Alpha => TAO as i128,
            Self::Share => 65_535,
            Self::Ratio => 1_000_000,
            Self::Count | Self::Blocks => 1,
        }
    }
    /// The name of the small unit.
    pub const fn small(self) -> &'static str {
        match self {
            Self::Tao => "rao",
            Self::Alpha => "alpha rao",
            Self::Share => "65535ths",
            Self::Ratio => "millionths",
            Self::Count => "count",
            Self::Blocks => "blocks",
        }
    }
    /// The word behind a shown value.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tao => " tao",
            Self::Alpha => " alpha",
            Self::Share | Self::Ratio | Self::Count => "",
            Self::Blocks => " blocks",
        }
    }
    /// What a bound of this unit may be.
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::Tao => "a number of TAO, or text with a unit (\"1.5 tao\", \"20 rao\")",
            Self::Alpha => "a number of alpha",
            Self::Share | Self::Ratio => "a fraction such as 0.25",
            Self::Count | Self::Blocks => "a whole number",
        }
    }
}

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// In the unit's small unit.
    pub raw: i128,
    /// Unit.
    pub unit: Unit,
}

impl Value {
    /// A value.
    pub fn new(raw: impl Into<i128>, unit: Unit) -> Self {
        Self { raw: raw.into(), unit }
    }
    /// Reads a decimal number in the unit as people write it; `None` if it is none or finer than the unit.
    pub fn parse(text: &str, unit: Unit) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        if part.len() > 18
            || whole.is_empty()
            || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let power = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
        let number: i128 = format!("{whole}{part}").parse().ok()?;
        let scaled = number.checked_mul(unit.scale())?;
        // A share is a whole number of 65,535ths: what lies between two is rounded to the nearest.
        let raw = match unit {
            Unit::Share | Unit::Ratio => (scaled + power / 2) / power,
            _ if scaled % power == 0 => scaled / power,
            _ => return None,
        };
        Some(Self { raw: if negative { -raw } else { raw }, unit })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.raw < 0 { "-" } else { "" };
        let (raw, scale) = (self.raw.unsigned_abs(), self.unit.scale().unsigned_abs());
        match self.unit {
            Unit::Count | Unit::Blocks => write!(f, "{sign}{raw}")?,
            Unit::Tao | Unit::Alpha => {
                let (whole, part) = (raw / scale, raw % scale);
                write!(f, "{sign}{}.{part:09}", crate::report::amount::grouped(whole))?;
            }
            Unit::Share | Unit::Ratio => {
                let millionths = (raw * 1_000_000 + scale / 2) / scale;
                write!(f, "{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)?;
            }
        }
        f.write_str(self.unit.word())
    }
}
