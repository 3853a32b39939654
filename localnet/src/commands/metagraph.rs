//! `localnet metagraph`: who is on a subnet of a running chain, and what each earns.

use super::output::print;
use crate::cli::MetagraphArgs;
use crate::exit::{Exit, Failure};
use crate::metagraph::Metagraph;
use crate::terminal;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// A longer answer is not read. **Units**: bytes.
const ANSWER_MAX: u64 = 256 << 20;

/// Asks a running chain and prints what it answers.
pub(crate) fn metagraph(args: &MetagraphArgs) -> Result<Exit, Failure> {
    let url = match args.url.strip_prefix("ws://") {
        Some(rest) => format!("http://{rest}"),
        None => args.url.clone(),
    };
    let answer = ask(&url, json!([args.netuid, args.block]))?;
    let metagraph: Metagraph = serde_json::from_value(answer).map_err(|why| {
        let why = terminal::quote(&why.to_string());
        Failure::Usage(format!("{url}: the answer is no metagraph of this program: {why}"))
    })?;
    if !args.json {
        return print(&harmless(metagraph).table());
    }
    let text = serde_json::to_string_pretty(&metagraph).map_err(|why| Failure::Internal(why.to_string()))?;
    print(&format!("{text}\n"))
}

/// With the server's texts as a line of a table can hold them.
fn harmless(mut metagraph: Metagraph) -> Metagraph {
    metagraph.symbol = terminal::quote(&metagraph.symbol);
    for neuron in &mut metagraph.neurons {
        neuron.hotkey = terminal::quote(&neuron.hotkey);
        neuron.axon = neuron.axon.as_deref().map(terminal::quote);
    }
    metagraph
}

fn ask(url: &str, params: Json) -> Result<Json, Failure> {
    let failed = |why: String| Failure::Usage(format!("{url}: {why}"));
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "localnet_metagraph", "params": params });
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
    let sent = agent.post(url).header("content-type", "application/json").send(request.to_string());
    let text = sent
        .and_then(|mut response| response.body_mut().with_config().limit(ANSWER_MAX).read_to_string())
        .map_err(|why| failed(format!("no answer ({why}); is a chain up there? `localnet up` starts one")))?;
    let answer: Json =
        serde_json::from_str(&text).map_err(|why| failed(format!("this is no answer: {why}")))?;
    match (answer.get("result"), answer.pointer("/error/message")) {
        (Some(result), _) => Ok(result.clone()),
        (None, Some(Json::String(why))) => Err(failed(terminal::quote(why))),
        (None, _) => Err(failed(format!("this is no answer: {}", terminal::quote(&text)))),
    }
}
