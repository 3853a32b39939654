//! `localnet up`.

use super::output::{Output, failed};
use super::set_aside::LedgerBackup;
use crate::access::Access;
use crate::cli::{self, UpArgs};
use crate::descriptors::make_room;
use crate::exit::{Exit, Failure};
use crate::gateway::{Gateway, Opening};
use crate::interrupt;
use crate::node::{Choice, Engine, SETTLE, Start, dumps_to, plan};
use crate::pace::Pace;
use crate::rpc::{Limits, RpcServer};
use crate::scenario::Request;
use crate::telemetry::say;
use actors::context::{RunContext, beacon};
use actors::plan::{ActorId, BeaconPlan, Preset, Role};
use chain::crypto::Keypair;
use chain::genesis::{DEV_ACCOUNTS, account};
use chain::ledger::Durability;
use chain::state::State;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Starts a chain that lives, and ends it in good order.
pub(crate) fn up(args: &UpArgs) -> Result<Exit, Failure> {
    let (plan, members) = plan(&choice(args))?;
    if let Some(path) = &args.dump_state {
        dumps_to(path)?;
    }
    interrupt::orderly();
    // Dropped after the engine: a start that fails puts the old ledger back.
    let (store, old) = store(args)?;
    let durability = match args.durability {
        cli::Durability::Buffered => Durability::Buffered,
        cli::Durability::Durable => Durability::Durable,
    };
    let pace = match (args.automine, args.manual) {
        (true, _) => Pace::Automine,
        (_, true) => Pace::Manual,
        _ => Pace::Interval(args.block_time),
    };
    let (window, pool_limit) = (size(args.history), size(args.pool));
    let mut engine = Engine::start(Start {
        plan,
        members,
        store,
        durability,
        pace,
        window,
        pool_limit,
        finality: args.finality.into(),
        settle: Some(SETTLE),
        threads: args.threads,
    })?;
    if let Some(path) = &args.load_state {
        load(&mut engine, path)?;
    }
    let limits = Limits {
        connections: args.max_connections,
        subscriptions: args.max_subscriptions,
        request_bytes: args.max_request,
        access: Arc::new(access(args)),
        ..Limits::default()
    };
    let room = make_room(args.max_connections.into());
    if let Some(room) = room.filter(|room| *room < args.max_connections.into()) {
        say(&format!(
            "warning: the limit of file descriptors leaves room for {room} connections, --max-connections allows {}: raise \
             `ulimit -Hn`, or allow fewer",
            args.max_connections
        ));
    }
    let doors = RpcServer::open(engine.shared(), args.host, args.port, limits)?;
    for address in doors.addresses().iter().filter(|address| !address.ip().is_loopback()) {
        say(&format!("warning: {address} is open to the network: whoever reaches it can act as root"));
    }
    let gateway = gateway(args, &mut engine)?;
    // From here on the fresh chain lives.
    if let Some(old) = old {
        old.discard();
    }
    let mut output = Output::new();
    let text = banner(args, &engine, gateway.as_ref(), doors.addresses());
    writeln!(output, "{text}").and_then(|()| output.flush()).map_err(failed)?;
    drop(output);
    let ended = engine.live(args.print_blocks, args.dump_state.as_deref());
    doors.close();
    if let Some(gateway) = gateway {
        gateway.close();
    }
    let head = ended?;
    say(&format!("closed at block {head}"));
    Ok(Exit::Ok)
}

/// Begins with a chain from a file.
fn load(engine: &mut Engine, path: &Path) -> Result<(), Failure> {
    let failed = |why: String| Failure::Usage(format!("--load-state: {}: {why}", path.display()));
    if engine.run().block() > 0
        && let Some((ledger, _)) = engine.ledger_status()
    {
        return Err(Failure::Usage(format!(
            "--load-state: {} holds a chain of {} blocks; --fresh puts the loaded one in its place, --store names another",
            ledger.display(),
            engine.run().block(),
        )));
    }
    let dump = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    let loaded = engine.origin().check(dump).and_then(|checked| engine.load(&checked));
    let head = loaded.map_err(|error| match interrupt::requested() {
        true => Failure::Interrupted(format!("--load-state: {}: {error}", path.display())),
        false => failed(error.to_string()),
    })?;
    say(&format!("{}: loaded, {head} blocks", path.display()));
    Ok(())
}

/// The door between cast and outsiders, when there is a cast that has to do with them.
fn gateway(args: &UpArgs, engine: &mut Engine) -> Result<Option<Gateway>, Failure> {
    let trades = |role: &Role| matches!(role, Role::Miner { .. } | Role::Validator { .. });
    if args.no_gateway || !engine.run().context().plan.cast.iter().any(|member| trades(&member.role)) {
        return Ok(None);
    }
    let (ip, port) = (args.axon_ip, args.axon_port);
    let opening = Opening {
        ip,
        port,
        registered_only: args.axon_registered_only,
        private_axons: args.axon_allow_private,
        access: access(args),
    };
    let gateway = Gateway::open(engine, opening)?;
    if !ip.is_loopback() {
        say(&format!(
            "warning: port {} is open to the network: anybody may ask the cast",
            gateway.address().port()
        ));
    }
    Ok(Some(gateway))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Whether new subnets ask for commits: as the flag says, else as the preset has it.
fn commit_reveal(args: &UpArgs) -> bool {
    args.commit_reveal.unwrap_or(args.scenario.is_none() && args.preset == cli::Preset::Mainnet)
}

/// Web pages and names of this machine that are let in.
fn access(args: &UpArgs) -> Access {
    Access { origins: args.allow_origins.clone(), hosts: args.allow_hosts.clone() }
}

fn choice(args: &UpArgs) -> Choice {
    Choice {
        request: args.scenario.as_ref().map(|scenario| Request {
            scenario: scenario.clone(),
            seed: args.seed,
            blocks: None,
            overrides: args.overrides.clone(),
            corpus: None,
        }),
        seed: args.seed.unwrap_or(1),
        preset: match args.preset {
            cli::Preset::Fast => Preset::Fast,
            cli::Preset::Production => Preset::Production,
            cli::Preset::Mainnet => Preset::Mainnet,
            cli::Preset::Market => Preset::Market,
        },
        block_time: args.block_time,
        commit_reveal: commit_reveal(args),
        beacon: args.beacon == cli::Beacon::Local,
    }
}

/// Where the ledger lies; an old one is set aside when a fresh start is asked for.
fn store(args: &UpArgs) -> Result<(Option<PathBuf>, Option<LedgerBackup>), Failure> {
    if args.store == Path::new("memory") {
        return Ok((None, None));
    }
    let path = &args.store;
    LedgerBackup::settle(path)?;
    let old = if args.fresh { LedgerBackup::ledger(path)? } else { None };
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| {
            Failure::Usage(format!("--store: {} cannot be made: {error}", parent.display()))
        })?;
    }
    Ok((Some(path.clone()), old))
}

/// What a person wants to know before the first request.
fn banner(args: &UpArgs, engine: &Engine, gateway: Option<&Gateway>, addresses: &[SocketAddr]) -> String {
    let run = engine.run();
    let (context, state) = (run.context(), run.view().state());
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(out, "localnet {}", env!("CARGO_PKG_VERSION"));
    let _ = writeln!(out);
    let _ = writeln!(out, "chain     Bittensor, development; genesis 0x{}", hex::encode(context.genesis));
    let _ = writeln!(out, "rules     spec_version {}", chain::wire::SPEC_VERSION);
    let _ = writeln!(out, "plays     {}, seed {}", context.plan.name, context.plan.seed);
    let _ = writeln!(out, "head      block {}, {}", run.block(), engine.pace_text());
    let kept =
        engine.ledger_status().map_or("nowhere; it ends with this process".to_owned(), |(path, status)| {
            format!("{} ({})", path.display(), status.durability)
        });
    let _ = writeln!(out, "ledger    {kept}");
    let urls: Vec<_> = addresses.iter().map(|address| format!("ws://{address}")).collect();
    let _ = writeln!(out, "rpc       {}", urls.join(" and "));
    if context.plan.chain.beacon == BeaconPlan::Local {
        let key = hex::encode(beacon(context.plan.seed).public_key());
        let _ = writeln!(
            out,
            "beacon    local, a pulse with every block, round N with block N; public key 0x{key}"
        );
    } else if !commit_reveal(args) {
        let _ = writeln!(
            out,
            "weights   subnets take them in the clear: no drand beacon is here to open timelocked ones"
        );
    }
    if let Some(gateway) = gateway {
        let _ = writeln!(
            out,
            "axons     {}: outsiders ask the cast there, validators ask outside axons",
            gateway.address()
        );
        for (netuid, market) in context.markets() {
            let _ = writeln!(out, "synapse   subnet {netuid}: {}", market.form());
        }
    }
    let _ = writeln!(out, "\naccounts, sr25519; their keys are public knowledge, never use them elsewhere");
    for (name, _) in DEV_ACCOUNTS {
        let Ok(account) = account(name) else { continue };
        let (label, role) = match name {
            "//Alice" => (name, "sudo"),
            name if name.starts_with("//") => (name, "dev"),
            _ => ("(EVM)", "dev"),
        };
        let key =
            Keypair::dev_secret(name).map_or(String::new(), |secret| format!("0x{}", hex::encode(secret)));
        let _ = writeln!(out, "  {label:<10} {role:<9} {account} {:>18} TAO  {key}", free(state, &account));
    }
    cast(&mut out, context, state);
    let _ = writeln!(out);
    if let Some(first) = addresses.first() {
        let _ = write!(out, "Listening on ws://{first}");
    }
    out
}

/// The participants of a scenario.
fn cast(out: &mut String, context: &RunContext, state: &State) {
    if context.plan.cast.is_empty() {
        return;
    }
    let _ = writeln!(out, "\ncast, sr25519: coldkey, then hotkey");
    for (id, member) in (0..).map(ActorId).zip(&context.plan.cast) {
        let Some(keys) = context.keys(id) else { continue };
        let (name, role) = (&member.name, member.role.label());
        let _ = writeln!(
            out,
            "  {name:<10} {role:<9} {} {:>18} TAO  {}",
            keys.cold,
            free(state, &keys.cold),
            keys.hot
        );
    }
}

fn free(state: &State, account: &chain::account::AccountId) -> String {
    state.balances.accounts.get(account).map_or(chain::units::Rao::ZERO, |row| row.data.free).to_string()
}
