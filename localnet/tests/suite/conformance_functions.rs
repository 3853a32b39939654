//! The recorded function vectors, and what happens to lines that are wrong.

use localnet::conformance::functions::{Function, LineError, check_line};
use serde_json::{Value, json};

fn lines(function: Function) -> Vec<Value> {
    fixtures::pallet::lines(function.name()).unwrap()
}

#[test]
fn every_recorded_function_passes() {
    for function in Function::ALL {
        let lines = lines(function);
        assert!(lines.len() >= 500, "{} has only {} lines", function.name(), lines.len());
        for line in lines {
            assert_eq!(Function::of_line(&line), Ok(function));
            assert_eq!(check_line(&line), Ok(()), "{line}");
        }
    }
}

#[test]
fn a_changed_result_is_found_in_its_field() {
    let results: [(Function, &[&str]); 8] = [
        (
            Function::Balancer,
            &[
                "price_u64f64",
                "exp_base_quote_u64f64",
                "exp_quote_base_u64f64",
                "quote_delta_in",
                "base_delta_in",
                "base_needed_for_quote",
                "add_ok",
                "new_quote_weight_parts",
            ],
        ),
        (Function::BlockEmission, &["emission"]),
        (Function::Fixed, &["exp", "ln", "log2"]),
        (Function::LockDecay, &["exp_decay_u64f64"]),
        (Function::Pow, &["res"]),
        (Function::SafeFloat, &["a_u64", "add", "sub", "div", "mul_div", "gt"]),
        (Function::SafeFloatNew, &["res"]),
        (Function::Swap, &["in", "out", "fee", "fee_to_block_author"]),
    ];
    for (function, fields) in results {
        for field in fields {
            // The first line in which the field is a result, not an error.
            let line = lines(function)
                .into_iter()
                .find(|line| function != Function::Swap || line["res"]["Ok"] != Value::Null);
            let mut line = line.unwrap();
            let slot = match function {
                Function::Swap => &mut line["res"]["Ok"][field],
                _ => &mut line[field],
            };
            *slot = match slot {
                Value::Bool(value) => json!(!*value),
                _ => json!(12_345),
            };
            match function.check(&line) {
                Err(LineError::Differs { difference, .. }) => assert_eq!(&difference.field, field),
                other => panic!("{field} of {}: {other:?}", function.name()),
            }
        }
    }
}

#[test]
fn a_recorded_error_is_compared_by_name() {
    let mut line = lines(Function::Swap).into_iter().find(|line| line["res"]["Err"] != Value::Null).unwrap();
    line["res"]["Err"] = json!("Swap.InsufficientLiquidity");
    let Err(LineError::Differs { difference, .. }) = check_line(&line) else { panic!("{line} passes") };
    assert_eq!((difference.field, difference.expected.as_str()), ("res.Err", "InsufficientLiquidity"));
    line["res"] = json!({"Ok": {"in": 1}});
    let Err(LineError::Differs { difference, .. }) = check_line(&line) else { panic!("{line} passes") };
    assert_eq!(difference.field, "res.Ok");
}

#[track_caller]
fn check_message(line: &Value, message: &str) {
    assert_eq!(check_line(line).unwrap_err().to_string(), message);
}

#[test]
fn wrong_lines_say_what_is_wrong() {
    check_message(&json!({"dt": 5}), "unknown function: no recorded function has the fields dt");
    check_message(&json!([1]), "unknown function: no recorded function has the fields [1]");
    check_message(&json!({"exp_decay_u64f64": "1", "dt": 5}), "malformed line: field `tau` is missing");
    check_message(
        &json!({"exp_decay_u64f64": "1", "dt": -5, "tau": 1}),
        "malformed line: field `dt` is not an integer of type u64: -5",
    );
    check_message(
        &json!({"mul_div": null, "a": ["0"]}),
        "malformed line: field `a` is not [mantissa, exponent]",
    );
    check_message(
        &json!({"exp_decay_u64f64": "1", "dt": 0, "tau": 9}),
        "fn_lock_decay: exp_decay_u64f64: expected 1, got 18446744073709551616",
    );
}

#[test]
fn function_names_come_from_file_names() {
    for function in Function::ALL {
        assert_eq!(Function::from_file_name(&format!("{}.jsonl.gz", function.name())), Ok(function));
        assert_eq!(Function::from_file_name(&format!("{}_more.jsonl", function.name())), Ok(function));
    }
    let error = Function::from_file_name("fn_power.jsonl").unwrap_err();
    assert!(error.to_string().starts_with("unknown function `fn_power`; known are fn_balancer, "), "{error}");
}
