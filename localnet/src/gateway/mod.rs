//! The door between the cast and those outside: miners of the cast are asked over HTTP, its validators ask outside axons.
//!
//! Two dialects are spoken, in both directions: that of axon and dendrite ([`axon`], SDK 10.x) and `btauth/1`
//! ([`btauth`], SDK 11.x). What comes in enters the next block through the gate and its tape; what a block lets out is
//! carried from its record. So a block never waits for anybody, and a run replays without all this.
//! **Source**: spec/clients.md section 4.

pub mod axon;
pub mod btauth;
mod dendrite;
mod fields;
mod server;

use crate::access::Access;
use crate::exit::Failure;
use crate::node::{Engine, Order, Shared};
use crate::pace::unix_ns;
use actors::BlockRecord;
use actors::context::RunContext;
use actors::gate::{Endpoint, Input, Query};
use actors::mechanism::Mechanism;
use actors::message::{Answer, Message, Payload, Peer, Synapse};
use actors::plan::Role;
use chain::account::AccountId;
use chain::units::NetUid;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// Questions from outside that may wait for a block: their work is done while the block is made.
const WAITING_MAX: usize = 256;
/// Questions of ours that may be on their way.
const ASKED_MAX: usize = 512;
/// Bytes of a request or an answer: an outsider's word is bounded before it is read.
pub const BODY_MAX: usize = 1_024 * 1_024;
/// Memory that the values of a request or an answer may take, beside that of their texts. **Units**: bytes.
const JSON_MAX: usize = 4 * 1_024 * 1_024;

/// How the door is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The address that miners announce on chain. A loopback address is also the only one listened on.
    pub ip: IpAddr,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// Whether only neurons of a miner's subnet may ask it.
    pub registered_only: bool,
    /// Whether validators ask axons at private and link-local addresses.
    pub private_axons: bool,
    /// Web pages and names of this machine that are let in.
    pub access: Access,
}

/// An open door.
#[derive(Debug)]
pub struct Gateway {
    runtime: tokio::runtime::Runtime,
    port: Port,
    address: SocketAddr,
}

/// The node's end of a door.
#[derive(Clone, Debug)]
pub struct Port {
    inner: Arc<Inner>,
    handle: tokio::runtime::Handle,
}

/// What both directions share.
#[derive(Debug)]
struct Inner {
    shared: Arc<Shared>,
    context: RunContext,
    endpoint: Endpoint,
    registered_only: bool,
    private_axons: bool,
    access: Access,
    /// Questions from outside that wait for their answers.
    waiting: Mutex<BTreeMap<u64, oneshot::Sender<Answer>>>,
    next: AtomicU64,
    nonces: Mutex<axon::Nonces>,
    seen: Mutex<btauth::Seen>,
    asking: Arc<Semaphore>,
    /// Why each outsider did not answer last, so that the log says it once.
    excuses: Mutex<BTreeMap<AccountId, String>>,
}

impl Gateway {
    /// Opens the door of a node's cast: listens, and lets the node know.
    ///
    /// # Errors
    /// When the address cannot be had, or threads not be started.
    pub fn open(engine: &mut Engine, opening: Opening) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("gateway")
            .enable_all()
            .build()
            .map_err(|error| Failure::Internal(format!("threads of the gateway: {error}")))?;
        let listening = match opening.ip {
            ip if ip.is_loopback() => ip,
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let wanted = SocketAddr::new(listening, opening.port);
        let bound = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(wanted).await?;
            Ok::<_, std::io::Error>((listener.local_addr()?, listener))
        });
        let (address, listener) = bound.map_err(|error| {
            Failure::Usage(format!(
                "{wanted}, where outsiders reach the cast, cannot be opened ({error}); choose another with --axon-ip and \
                 --axon-port, or none with --no-gateway"
            ))
        })?;
        let address = SocketAddr::new(opening.ip, address.port());
        let endpoint = endpoint(address);
        let inner = Arc::new(Inner {
            shared: Arc::clone(engine.shared()),
            context: engine.run().context().clone(),
            endpoint,
            registered_only: opening.registered_only,
            private_axons: opening.private_axons,
            access: opening.access,
            waiting: Mutex::default(),
            // Numbers that no earlier process has given: messages of its questions may still be on their way.
            next: AtomicU64::new(unix_ns()),
            nonces: Mutex::default(),
            seen: Mutex::default(),
            asking: Arc::new(Semaphore::new(ASKED_MAX)),
            excuses: Mutex::default(),
        });
        runtime.spawn(server::serve(listener, Arc::clone(&inner)));
        let port = Port { inner, handle: runtime.handle().clone() };
        engine.meet_outsiders(Some(port.clone()));
        Ok(Self { runtime, port, address })
    }

    /// Where outsiders reach the cast.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The node's end.
    #[must_use]
    pub const fn port(&self) -> &Port {
        &self.port
    }

    /// Ends all conversations.
    pub fn close(self) {
        self.runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    }
}

/// An address as the chain writes it.
fn endpoint(address: SocketAddr) -> Endpoint {
    let (ip, ip_type) = match address.ip() {
        IpAddr::V4(ip) => (u128::from(ip.to_bits()), 4),
        IpAddr::V6(ip) => (ip.to_bits(), 6),
    };
    Endpoint { ip, ip_type, port: address.port() }
}

/// The address that the chain has of an axon, if it is one.
fn address(ip: u128, ip_type: u8, port: u16) -> Option<SocketAddr> {
    let ip = match ip_type {
        4 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(ip).ok()?)),
        6 => IpAddr::V6(Ipv6Addr::from_bits(ip)),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

impl Port {
    /// Where outsiders reach the cast.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.inner.endpoint
    }

    /// Why an outsider did not answer last; `None` if it did, or was never asked.
    #[must_use]
    pub fn excuse(&self, hotkey: &AccountId) -> Option<String> {
        lock(&self.inner.excuses).get(hotkey).cloned()
    }

    /// Waits until every question of ours has its outcome, which is then in the next block. Nothing may be asked
    /// meanwhile; not for threads of an async runtime.
    pub fn settle(&self) {
        let all = self.inner.asking.acquire_many(u32::try_from(ASKED_MAX).unwrap_or(u32::MAX));
        // It is never closed.
        let _ = self.handle.block_on(all);
    }

    /// Carries what a block has let out: answers to those who wait, questions to outside axons.
    pub fn carry(&self, record: &BlockRecord) {
        for message in &record.outbound {
            match &message.synapse {
                Synapse::Answer { round, answer } => self.inner.answered(*round, answer),
                Synapse::Ask { round, text } => self.ask(record, message, *round, text),
                Synapse::Order { .. } | Synapse::Delivery { .. } | Synapse::Silence { .. } => {}
            }
        }
    }

    fn ask(&self, record: &BlockRecord, message: &Message, round: u64, task: &Payload) {
        let (Peer::Local(validator), Peer::External(hotkey)) = (message.from, message.to) else { return };
        let Some(member) = self.inner.context.member(validator) else { return };
        let netuid = member.role.netuid();
        let axon = record.sealed.state.subnet(netuid).and_then(|subnet| subnet.axons.get(&hotkey));
        let question = dendrite::Question {
            validator,
            hotkey,
            netuid,
            round,
            task: task.clone(),
            address: axon.and_then(|axon| address(axon.ip, axon.ip_type, axon.port)),
            asked_in: (record.number(), record.sealed.hash),
        };
        let inner = Arc::clone(&self.inner);
        match Arc::clone(&inner.asking).try_acquire_owned() {
            Ok(permit) => drop(self.handle.spawn(async move {
                let outcome = dendrite::ask(&inner, &question).await;
                inner.replied(&question, outcome);
                drop(permit);
            })),
            Err(_) => {
                let why = format!("{ASKED_MAX} questions are on their way already");
                inner.replied(&question, Err(why));
            }
        }
    }
}

impl Inner {
    /// Hands an answer to whoever waits for it; nobody may.
    fn answered(&self, id: u64, answer: &Answer) {
        if let Some(waiting) = lock(&self.waiting).remove(&id) {
            let _ = waiting.send(answer.clone());
        }
    }

    /// Lets the outcome of a question of ours into the next block.
    fn replied(&self, question: &dendrite::Question, outcome: Result<Answer, String>) {
        let hotkey = question.hotkey;
        match &outcome {
            Ok(_) => drop(lock(&self.excuses).remove(&hotkey)),
            Err(why) => {
                if lock(&self.excuses).insert(hotkey, why.clone()).as_ref() == Some(why) {
                    tracing::debug!(miner = %hotkey, round = question.round, why, "an outside miner gave no answer");
                } else {
                    tracing::warn!(miner = %hotkey, round = question.round, why, "an outside miner gave no answer");
                }
            }
        }
        let (reply, asked_in) = (question.reply(outcome), question.asked_in);
        self.shared.order(Order::Do(Box::new(move |engine| engine.outsider_replied(reply, asked_in))));
    }

    /// Lets a question into the next block; the answer comes through the receiver. `None` when too many wait.
    fn question(
        self: &Arc<Self>,
        from: AccountId,
        to: AccountId,
        task: Payload,
    ) -> Option<(Waiting, oneshot::Receiver<Answer>)> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        let mut waiting = lock(&self.waiting);
        if waiting.len() >= WAITING_MAX {
            return None;
        }
        waiting.insert(id, sender);
        drop(waiting);
        let query = Input::Query(Query { id, from, to, task });
        self.shared.order(Order::Do(Box::new(move |engine| engine.outsider_asks(query))));
        Some((Waiting { inner: Arc::clone(self), id }, receiver))
    }

    /// The miner of the cast behind a hotkey, with its market.
    fn miner(&self, hotkey: &AccountId) -> Option<(NetUid, &dyn Mechanism)> {
        let member = self.context.member(self.context.of_hotkey(hotkey)?)?;
        match member.role {
            Role::Miner { netuid, .. } => Some((netuid, self.context.market(netuid)?)),
            _ => None,
        }
    }

    /// Whether a hotkey may ask on a subnet.
    fn may_ask(&self, netuid: NetUid, hotkey: &AccountId) -> bool {
        let head = self.shared.head();
        let subnet = head.sealed.as_ref().and_then(|sealed| sealed.state.subnet(netuid));
        !self.registered_only || subnet.is_some_and(|subnet| subnet.neurons.uid_of(hotkey).is_some())
    }
}

/// A question that waits; whoever asked may go away.
#[derive(Debug)]
struct Waiting {
    inner: Arc<Inner>,
    id: u64,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        lock(&self.inner.waiting).remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
