//! How much memory a JSON text takes once it is read: a value of two bytes of text can take hundreds.

/// Memory of an object, with its first few members. **Units**: bytes.
const OBJECT: usize = 640;
/// Memory of any other value.
const VALUE: usize = 64;

/// The memory that a JSON text takes as values, about, beside that of its strings. **Units**: bytes.
///
/// Brackets and commas outside of strings are counted; whether the text is JSON does not matter.
#[must_use]
pub fn memory_of(text: &[u8]) -> usize {
    let (mut memory, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => memory = memory.saturating_add(OBJECT),
            b',' | b'[' if !in_string => memory = memory.saturating_add(VALUE),
            _ => {}
        }
    }
    memory
}
