//! Decimal numbers as files of other programs write them, read digit by digit.
//!
//! Read: digits with an optional point, an exponent (`1.5e3`, `2e-8`), a leading `+`, thousands separated by commas,
//! underscores or blanks (`1,250.5`), and a currency before or after the number (`τ 5`, `5 TAO`, `12.5 α`).
//! Anything else is an error: a comma that separates no group of three digits is not guessed at.

/// Digits that a number may have after its exponent is resolved; a `u64` of rao has 20.
const DIGITS_MAX: usize = 40;

/// A decimal number that is not negative: `digits` with the decimal point after the first `point` of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: String,
    point: i64,
}

/// Reason why a text is not read as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecimalError {
    /// It has another form.
    #[error("is not a number of a known form (1250.5, 1,250.5, 1.2505e3)")]
    Form,
    /// It is below zero.
    #[error("is negative")]
    Negative,
    /// Its commas, underscores or blanks do not separate groups of three digits.
    #[error("has separators that do not stand between groups of three digits")]
    Groups,
    /// It has more digits than any amount.
    #[error("is more than the chain can count")]
    Large,
}

impl Decimal {
    /// Reads a number.
    ///
    /// # Errors
    /// The reason why it is not one.
    pub(super) fn parse(text: &str) -> Result<Self, DecimalError> {
        let text = without_currency(text.trim());
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)?),
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = without_separators(whole)?;
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || !is_digits(&whole) || !is_digits(part) {
            return Err(DecimalError::Form);
        }
        let mut point = i64::try_from(whole.len()).unwrap_or(i64::MAX).saturating_add(exponent);
        let all = whole + part;
        let digits = all.trim_start_matches('0');
        point = point.saturating_sub(i64::try_from(all.len() - digits.len()).unwrap_or(i64::MAX));
        let digits = digits.trim_end_matches('0').to_owned();
        if negative && !digits.is_empty() {
            return Err(DecimalError::Negative);
        }
        Ok(Self { digits, point })
    }

    /// The number times `10^places` without what stands behind the point then.
    ///
    /// # Errors
    /// When it is more than a `u64`.
    pub(super) fn scaled(&self, places: u8) -> Result<u64, DecimalError> {
        let len = self.point.saturating_add(places.into());
        if self.digits.is_empty() || len <= 0 {
            return Ok(0);
        }
        let len = usize::try_from(len).ok().filter(|len| *len <= DIGITS_MAX).ok_or(DecimalError::Large)?;
        let kept = self.digits.get(..len).unwrap_or(&self.digits);
        format!("{kept:0<len$}").parse().map_err(|_| DecimalError::Large)
    }

    /// Whether nothing stands behind the point.
    pub(super) fn is_whole(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|len| len <= self.point.max(0))
    }
}

fn exponent_of(text: &str) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::Form);
    }
    // An exponent of ten digits is as good as any larger one.
    let value: i64 = digits.parse().unwrap_or(i64::MAX).min(9_999_999_999);
    Ok(if text.starts_with('-') { -value } else { value })
}

/// The number without the name or sign of a currency before or after it.
fn without_currency(text: &str) -> &str {
    let is_sign = |letter: char| !letter.is_ascii() && !letter.is_whitespace() && !letter.is_numeric();
    let text = text.trim_start_matches(is_sign).trim_start().trim_end_matches(is_sign).trim_end();
    for name in ["tao", "TAO", "Tao", "alpha", "ALPHA", "Alpha"] {
        if let Some(number) = text.strip_suffix(name) {
            return number.trim_end();
        }
    }
    text
}

/// The digits of a whole number whose groups of three are separated.
fn without_separators(text: &str) -> Result<String, DecimalError> {
    let is_separator = |letter: char| matches!(letter, ',' | '_') || letter.is_whitespace();
    if !text.contains(is_separator) {
        return Ok(text.to_owned());
    }
    let groups: Vec<_> = text.split(is_separator).collect();
    let first = groups.first().map_or(0, |group| group.len());
    if !(1..=3).contains(&first) || groups.iter().skip(1).any(|group| group.len() != 3) {
        return Err(DecimalError::Groups);
    }
    Ok(groups.concat())
}
