//! Names and words of variants.

use scale_info::{PortableRegistry, TypeDef};

/// Gives the variants of the calls in `calls` the chain's names.
pub(super) fn snake_case_calls(types: &mut PortableRegistry, calls: &[u32]) {
    for row in types.types.iter_mut().filter(|row| calls.contains(&row.id)) {
        let TypeDef::Variant(variants) = &mut row.ty.type_def else { continue };
        for variant in &mut variants.variants {
            variant.name = call_name(&variant.name);
        }
    }
}

/// Gives a type another path.
pub(super) fn rename(types: &mut PortableRegistry, id: u32, path: &[&str]) {
    for row in types.types.iter_mut().filter(|row| row.id == id) {
        row.ty.path.segments = path.iter().map(|segment| (*segment).to_owned()).collect();
    }
}

/// Says the variants of the errors in `errors` in words where nothing is said of them: the SDK 10.x calls an error
/// unknown that has no words.
pub(super) fn errors_in_words(types: &mut PortableRegistry, errors: &[u32]) {
    for row in types.types.iter_mut().filter(|row| errors.contains(&row.id)) {
        let TypeDef::Variant(variants) = &mut row.ty.type_def else { continue };
        for variant in variants.variants.iter_mut().filter(|variant| variant.docs.is_empty()) {
            variant.docs.push(format!("{}.", snake_case(&variant.name).replace('_', " ")));
        }
    }
}

/// The chain's name of a call.
pub(super) fn call_name(variant: &str) -> String {
    match variant {
        "AsMultiThreshold1" => "as_multi_threshold_1".to_owned(),
        _ => snake_case(variant),
    }
}

/// `TransferKeepAlive` as `transfer_keep_alive`; a digit stands with the word before it.
fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
