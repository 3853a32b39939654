//! The command line.

use crate::pace::block_time;
use crate::scenario::Request;
use crate::scenario::overrides::Override;
use crate::scenario::resolve::unknown_rule;
use chain::economics::EmissionRule;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::time::Duration;

/// What plain `localnet` plays.
pub const DEFAULT_SCENARIO: &str = "hello-market";

/// Bittensor in one process: chain, owners, miners, validators and users, reproducible to the byte.
#[derive(Clone, Debug, Parser)]
#[command(name = "localnet", version, about, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to log on stderr: error, warn, info, debug, trace, or target=level, separated by commas
    /// [env: LOCALNET_LOG, else RUST_LOG]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// What to do; `run hello-market` if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Environment variable of the seed; empty is unset.
const SEED: &str = "LOCALNET_SEED";

impl Cli {
    /// Fills in what the environment sets and the command line leaves open.
    ///
    /// # Errors
    /// A variable that cannot be read, by name.
    pub fn with_environment(mut self) -> Result<Self, String> {
        let slot = match &mut self.command {
            Some(Command::Run(args)) => &mut args.scenario.seed,
            Some(Command::Compare(args)) => &mut args.scenario.seed,
            Some(Command::Verify(args)) => &mut args.seed,
            Some(Command::Up(args)) => &mut args.seed,
            _ => return Ok(self),
        };
        if slot.is_none()
            && let Some(text) = std::env::var_os(SEED).filter(|text| !text.is_empty())
        {
            let text = text.to_string_lossy();
            let seed = text.trim().parse().map_err(|_| {
                format!("{SEED}: `{text}` is not a seed; allowed: a whole number from 0 to {}", u64::MAX)
            })?;
            *slot = Some(seed);
        }
        Ok(self)
    }
}

const AFTER_HELP: &str = "\
Without a command, localnet runs the built-in scenario hello-market.

Exit codes: 0 ok; 1 an expectation, an invariant or a reference case failed; 2 bad usage or a bad file;
a full disk counts as 2; 3 internal error; 4 two runs of one thing differ; 130 interrupted.
stdout carries the result and nothing else; log and progress go to stderr.";

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Play a scenario in virtual time and decide its expectations
    Run(RunArgs),
    /// Start a chain that lives: it seals blocks and answers wallets, SDKs and btcli on one port
    Up(UpArgs),
    /// Show who is on a subnet of a running chain, and what each of them weighs and earns
    Metagraph(MetagraphArgs),
    /// List the built-in scenarios
    List,
    /// Print the text of a scenario
    Show {
        /// A built-in scenario, or the path of a file
        scenario: String,
    },
    /// Play a scenario with both drivers and several numbers of threads, and compare block by block
    Verify(ScenarioArgs),
    /// Turn a snapshot of a network, or a metagraph (JSON or CSV), into a genesis that scenarios can start from
    Import(ImportArgs),
    /// Play a scenario under several emission rules and show side by side what comes of it
    Compare(CompareArgs),
    /// Play a ledger again from genesis with what was recorded, and compare block by block
    Replay {
        /// Directory of the ledger, as `run` names it
        ledger: PathBuf,
    },
    /// Look at a ledger without changing it, and save what can be saved of a damaged one
    Doctor(DoctorArgs),
    /// Run reference vectors against the rules
    #[command(subcommand)]
    Conformance(Conformance),
    /// Compute incentive, dividends, consensus and bonds for your own weights, stake and bonds (JSON or CSV matrices)
    Epoch(EpochArgs),
    /// Print the JSON schema of scenario files
    Schema,
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

/// Reference vectors: JSON lines, plain or gzip.
#[derive(Clone, Debug, Subcommand)]
pub enum Conformance {
    /// Consensus: cases, sequences and single functions
    Epoch {
        /// Vector files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// The chain: every storage item, event, weight and fee of every block, and single functions
    Chain {
        /// Vector files; NAME.more.jsonl.gz beside NAME.jsonl.gz is read with it
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Show every difference in full, not only the first of each block and file
        #[arg(long)]
        all: bool,
    },
    /// Lists of calls, such as a failing test of random calls leaves: every invariant after every block
    Calls {
        /// Files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Which scenario, and what to change about it.
#[derive(Clone, Debug, Args)]
pub struct ScenarioArgs {
    /// A built-in scenario, or the path of a file
    #[arg(default_value = DEFAULT_SCENARIO)]
    pub scenario: String,
    /// Seed of all randomness, instead of the scenario's own [env: LOCALNET_SEED]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// How many blocks to play, instead of the scenario's own number
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = value_parser!(u64).range(1..))]
    pub blocks: Option<u64>,
    /// Change a key of the scenario: chain.block_time_ms=6000, cast.vera.stake=500, subnet.0.task.sharpness=1,
    /// subnet.netuid:1.hyperparameters.kappa=0.4
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = Override::parse)]
    pub overrides: Vec<Override>,
    /// A directory of your own files as the text that markets work on
    #[arg(long, value_name = "DIR")]
    pub corpus: Option<PathBuf>,
}

impl ScenarioArgs {
    /// The request to the loader.
    pub fn request(&self) -> Request {
        Request {
            scenario: self.scenario.clone(),
            seed: self.seed,
            blocks: self.blocks,
            overrides: self.overrides.clone(),
            corpus: self.corpus.clone(),
        }
    }
}

/// What to import.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// JSON or CSV, plain or gzip: balances and stakes of a network, or a metagraph as SDK, btcli or explorers export it
    pub file: PathBuf,
    /// Where to write the genesis; packed if the name ends in .gz
    #[arg(long, value_name = "GENESIS", default_value = "genesis.json.gz")]
    pub out: PathBuf,
    /// Number of the subnet, if the file does not name it or another is wanted
    #[arg(long, allow_negative_numbers = true, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    pub netuid: Option<u16>,
}

/// What to compare.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Emission rules, separated by commas: root-votes, price-ema, tao-flow, net-tao-flow, price-ema-unburned
    /// [default: all of them]
    #[arg(long = "rule", value_name = "RULE,...", value_delimiter = ',', value_parser = rule)]
    pub rules: Vec<EmissionRule>,
    /// Print one JSON object instead of text; amounts are decimal strings in rao
    #[arg(long)]
    pub json: bool,
}

fn rule(name: &str) -> Result<EmissionRule, String> {
    EmissionRule::from_name(name).ok_or_else(|| unknown_rule(name))
}

/// How to play.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// Which scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// `memory` keeps no ledger. DIR keeps it there; if DIR already holds this scenario and seed, the run continues from
    /// its last block [default: a fresh one in .localnet/runs, the last five are kept]
    #[arg(long, value_name = "memory|DIR")]
    pub store: Option<PathBuf>,
    /// When a block counts as kept
    #[arg(long, value_enum, default_value_t = Durability::Buffered)]
    pub durability: Durability,
    /// Threads that play participants; 0 plays them all in a plain loop. The result is the same
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1, value_parser = value_parser!(u16).range(0..=64))]
    pub threads: u16,
    /// Print one JSON object instead of text; amounts are decimal strings in rao
    #[arg(long)]
    pub json: bool,
    /// Write the verdicts as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Check all invariants of the chain after every block and stop at the first that does not hold
    #[arg(long)]
    pub check: bool,
    /// Only check the scenario and print its digest
    #[arg(long)]
    pub dry_run: bool,
}

/// Which ledger, and what to do about it.
#[derive(Clone, Debug, Args)]
#[command(after_help = DOCTOR_HELP)]
pub struct DoctorArgs {
    /// Directory of the ledger
    pub ledger: PathBuf,
    /// Cut the ledger back to its last good block; what was there is kept in its quarantine/
    #[arg(long, conflicts_with = "export")]
    pub cut: bool,
    /// Copy the readable blocks into a new ledger, and leave this one as it is
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

const DOCTOR_HELP: &str = "\
Exit codes: 0 every stored block can be read, or what was asked for is done; 1 the ledger is damaged, or nothing of it can
be saved; 2 there is no ledger, another process works on it, or a place cannot be written.";

/// Which metagraph.
#[derive(Clone, Debug, Args)]
pub struct MetagraphArgs {
    /// Number of the subnet
    #[arg(default_value_t = 1)]
    pub netuid: u16,
    /// Where the chain answers
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9944")]
    pub url: String,
    /// As it was after this block, while its state can be read; the newest unless said
    #[arg(long, value_name = "N")]
    pub block: Option<u64>,
    /// Print one JSON object instead of a table; amounts in rao, shares of 65,535
    #[arg(long)]
    pub json: bool,
}

/// What to compute.
#[derive(Clone, Debug, Args)]
pub struct EpochArgs {
    /// JSON object with W (weights), S (stake) and perhaps B (bonds), or a matrix of weights as JSON or CSV; a row is a
    /// validator, a column a uid, or a miner where rows and columns differ in number
    pub file: PathBuf,
    /// Stake of each row in TAO, as JSON or CSV, if FILE is a matrix
    #[arg(long, value_name = "FILE")]
    pub stake: Option<PathBuf>,
    /// Bonds before the first epoch, shaped as the weights; of 65,535, or fractions of one [default: none]
    #[arg(long, value_name = "FILE")]
    pub bonds: Option<PathBuf>,
    /// Take the columns of a square matrix for miners of their own, not for the uids of its rows
    #[arg(long)]
    pub split: bool,
    /// Epochs to compute, each with the bonds of the one before
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=10_000))]
    pub epochs: u32,
    /// Version of the consensus: 2 or 3
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 3, value_parser = value_parser!(u8).range(2..=3))]
    pub yuma: u8,
    /// Share of stake that must agree on a weight: a fraction of one, or a whole number of 65,535
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", default_value = "32767", value_parser = share_of_u16)]
    pub kappa: u16,
    /// How much of the clipped weight replaces the weight in bonds
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", default_value = "65535", value_parser = share_of_u16)]
    pub bonds_penalty: u16,
    /// What an old bond weighs in the moving average, in millionths
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 900_000, value_parser = value_parser!(u64).range(0..=1_000_000))]
    pub bonds_moving_average: u64,
    /// Give every bond its own moving average; acts with --yuma 3
    #[arg(long)]
    pub liquid_alpha: bool,
    /// Lowest liquid alpha [default: 0.7]
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", value_parser = share_of_u16)]
    pub alpha_low: Option<u16>,
    /// Highest liquid alpha [default: 0.9]
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", value_parser = share_of_u16)]
    pub alpha_high: Option<u16>,
    /// Uids that may hold a validator permit [default: all]
    #[arg(long, value_name = "N")]
    pub max_validators: Option<u16>,
    /// Alpha that each epoch distributes, in rao
    #[arg(long, allow_negative_numbers = true, value_name = "RAO", default_value_t = 1_000_000_000)]
    pub emission: u64,
    /// Print JSON instead of tables; shares of 65,535, amounts in rao, bonds as pairs of uid and share
    #[arg(long)]
    pub json: bool,
}

/// A share of 65,535: a whole number, or a fraction of one with a point.
fn share_of_u16(text: &str) -> Result<u16, String> {
    let allowed = "allowed: a fraction from 0.0 to 1.0, or a whole number from 0 to 65535";
    if !text.contains('.') {
        return text.parse().map_err(|_| allowed.to_owned());
    }
    match text.parse::<f64>() {
        Ok(part) if (0.0..=1.0).contains(&part) => Ok((part * f64::from(u16::MAX)) as u16),
        _ => Err(allowed.to_owned()),
    }
}

/// How to live.
#[derive(Clone, Debug, Args)]
pub struct UpArgs {
    /// A built-in scenario, or the path of a file, whose cast lives on the chain; without one the chain has only the
    /// development accounts
    pub scenario: Option<String>,
    /// Seed of all randomness, instead of the scenario's own [env: LOCALNET_SEED]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Change a key of the scenario, as `run` does
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = Override::parse, requires = "scenario")]
    pub overrides: Vec<Override>,
    /// Constants and first values of a chain without scenario, whatever the pace
    #[arg(long, value_enum, default_value_t = Preset::Fast, conflicts_with = "scenario")]
    pub preset: Preset,
    /// Time from block to block: a number with its unit
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", default_value = "250ms", value_parser = block_time)]
    pub block_time: Duration,
    /// Seal a block as soon as an extrinsic waits
    #[arg(long, conflicts_with = "manual")]
    pub automine: bool,
    /// Seal blocks only when asked for (localnet_mine)
    #[arg(long)]
    pub manual: bool,
    /// Turn commit-reveal on for new subnets (the real chain's default). Off unless --preset mainnet is given: SDKs then
    /// encrypt weights to the public drand beacon, which localnet cannot open
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub commit_reveal: Option<bool>,
    /// Drand beacon of the chain: `local` brings a pulse with every block, round N with block N, and stores its public key
    /// in Drand.BeaconConfig. Clients that encrypt to that key have their timelocked weights opened; the SDKs have the
    /// public beacon's key built in
    #[arg(long, value_enum, default_value_t = Beacon::None)]
    pub beacon: Beacon,
    /// `memory` keeps no ledger. DIR keeps it there; if DIR already holds this chain, it continues from its last block
    #[arg(long, value_name = "memory|DIR", default_value = ".localnet/up")]
    pub store: PathBuf,
    /// Begin anew: what the store holds is deleted
    #[arg(long)]
    pub fresh: bool,
    /// Begin with a chain that was dumped: by --dump-state, or localnet_dumpState as bytes
    #[arg(long, value_name = "FILE")]
    pub load_state: Option<PathBuf>,
    /// At the end, write the chain to a file that --load-state reads
    #[arg(long, value_name = "FILE")]
    pub dump_state: Option<PathBuf>,
    /// When a block counts as kept
    #[arg(long, value_enum, default_value_t = Durability::Durable)]
    pub durability: Durability,
    /// Address to listen on, instead of both loopback addresses, 127.0.0.1 and ::1. Anything but a loopback address
    /// opens the chain, and its sudo key, to the network
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,
    /// Port to listen on; 0 takes any that is free
    #[arg(long, allow_negative_numbers = true, value_name = "PORT", default_value_t = 9944)]
    pub port: u16,
    /// A web page that may talk to the chain and to the axons, as its browser names it, such as `https://example.org`;
    /// `*` for any. Pages of this machine and of polkadot.js.org always may; what is not a browser names none
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    pub allow_origins: Vec<String>,
    /// A name under which this machine may be addressed, beside localhost and IP addresses; `*` for any. Others are
    /// refused, since any page can let a name of its own stand for this machine
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allow_hosts: Vec<String>,
    /// Address that miners of the cast announce, where outsiders reach them. The chain refuses 127.0.0.1, and clients
    /// take 0.0.0.0 for nobody; anything but a loopback address is listened for on all interfaces
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.2", value_parser = axon_ip)]
    pub axon_ip: IpAddr,
    /// Port of all their axons; 0 takes any that is free
    #[arg(long, allow_negative_numbers = true, value_name = "PORT", default_value_t = 8091)]
    pub axon_port: u16,
    /// Let nobody ask a miner of the cast who is not registered on its subnet, as most miners do
    #[arg(long)]
    pub axon_registered_only: bool,
    /// Let validators of the cast ask axons at private and link-local addresses; loopback and public ones they always ask
    #[arg(long)]
    pub axon_allow_private: bool,
    /// Keep the cast to itself: outsiders reach the chain only, and no outside axon is asked
    #[arg(long, conflicts_with_all = ["axon_ip", "axon_port", "axon_registered_only", "axon_allow_private"])]
    pub no_gateway: bool,
    /// Blocks whose state can be read
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 4096, value_parser = value_parser!(u32).range(1..))]
    pub history: u32,
    /// Threads that play participants; 0 plays them all in a plain loop
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 0, value_parser = value_parser!(u16).range(0..=64))]
    pub threads: u16,
    /// Connections at a time
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1024, value_parser = value_parser!(u32).range(1..))]
    pub max_connections: u32,
    /// Subscriptions of one connection
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1024, value_parser = value_parser!(u32).range(1..))]
    pub max_subscriptions: u32,
    /// Bytes of one request
    #[arg(long, allow_negative_numbers = true, value_name = "BYTES", default_value_t = 15 * 1024 * 1024, value_parser = value_parser!(u32).range(1024..))]
    pub max_request: u32,
    /// Blocks on top of which a block is final; clients that wait for finality wait so long. With --automine or --manual,
    /// where no block need follow, the head is final once none has come for 0.75 s. 0: each block is final at once
    #[arg(long, allow_negative_numbers = true, value_name = "BLOCKS", default_value_t = 2, value_parser = value_parser!(u32).range(0..=64))]
    pub finality: u32,
    /// Extrinsics that may wait for a block
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 8192, value_parser = value_parser!(u32).range(1..))]
    pub pool: u32,
    /// Print a line for every block: `Imported #N (hash)`
    #[arg(long)]
    pub print_blocks: bool,
}

fn axon_ip(text: &str) -> Result<IpAddr, String> {
    let ip: IpAddr =
        text.parse().map_err(|error| format!("{error}; give an IP address, such as 127.0.0.2"))?;
    if ip.is_unspecified() {
        return Err(
            "clients take it for an axon that does not serve; give another, such as 127.0.0.2".to_owned()
        );
    }
    let refused: [IpAddr; 3] =
        [Ipv4Addr::LOCALHOST.into(), Ipv4Addr::BROADCAST.into(), Ipv6Addr::LOCALHOST.into()];
    match refused.contains(&ip) {
        true => {
            Err("the chain refuses it as the address of an axon; give another, such as 127.0.0.2".to_owned())
        }
        false => Ok(ip),
    }
}

/// Drand beacon of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Beacon {
    /// None, but for a scenario that has one
    None,
    /// A beacon of the chain's own, derived from the seed
    Local,
}

/// Constants of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// The reference development chain of a fast build: tempo 10, short delays, a faucet
    Fast,
    /// The reference development chain of a production build: tempo 360, delays of hours and days, a faucet and
    /// no limit on new subnets
    Production,
    /// A production build with the values of the main network as of October 2026: stake threshold 1,000, TAO weight
    /// 0.18, a subnet every 28,800 blocks, a hotkey swap every block, commit-reveal on; issuance begins at zero
    Mainnet,
    /// Ready for a market: root open, no freeze window, no rate limit on subnets, weights, axons, takes, children,
    /// hotkey swaps and hyperparameters
    Market,
}

/// Durability of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Durability {
    /// When it is handed over; the last moments are lost if the process is killed
    Buffered,
    /// When it is on the device
    Durable,
}
