//! Text from outside (files, servers, arguments) on its way to a terminal: control characters are escaped, lengths bounded.

/// Characters of one line that are shown.
const LINE_MAX: usize = 2_000;
/// Lines that are shown.
const LINES_MAX: usize = 200;
/// Characters of a quotation that are shown.
const QUOTE_MAX: usize = 300;

/// A message of ours that may carry text from outside.
#[must_use]
pub fn message(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().take(LINES_MAX).map(|line| bounded(line, LINE_MAX)).collect();
    let more = text.lines().count().saturating_sub(lines.len());
    if more > 0 {
        lines.push(format!("... {more} more lines"));
    }
    lines.join("\n")
}

/// Text from outside within one line of a message.
#[must_use]
pub fn quote(text: &str) -> String {
    bounded(text, QUOTE_MAX)
}

/// Text of any length and number of lines, without what moves the cursor or recolours the terminal.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    text.chars().for_each(|char| match char {
        '\n' | '\t' => escaped.push(char),
        char => push(&mut escaped, char),
    });
    escaped
}

fn bounded(text: &str, most: usize) -> String {
    let mut bounded = String::new();
    let mut chars = text.chars();
    chars.by_ref().take(most).for_each(|char| match char {
        '\t' => bounded.push(char),
        char => push(&mut bounded, char),
    });
    let more = chars.count();
    if more > 0 {
        bounded.push_str(&format!("... ({more} more characters)"));
    }
    bounded
}

fn push(text: &mut String, char: char) {
    // Marks of direction reorder what stands beside them.
    let turns = matches!(char, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    match char {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        char if char.is_control() || turns => text.extend(char.escape_unicode()),
        char => text.push(char),
    }
}
