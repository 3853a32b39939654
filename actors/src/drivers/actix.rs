//! One actix actor per participant, spread over arbiters, and one for the chain.
//!
//! The conductor sends every actor its turn and waits for all before it reads any reaction, so the order in
//! which threads run never shows. Handlers are synchronous and short, nothing is spawned or delayed, and one
//! message per actor is outstanding, so no mailbox ever fills.

use crate::chain_actor::{ChainActor, SealBlock};
use crate::context::RunContext;
use crate::driver::{Driver, DriverError, Executor};
use crate::plan::ActorId;
use crate::seat::{Activation, Reaction, Seat};
use actix::{Actor, Addr, Arbiter, Context, Handler, Message, MessageResult, System, SystemRunner};
use chain::block::{BlockInput, BlockOutcome};
use chain::state::State;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Called by a host around every turn; tests disturb the timing here.
pub type Jitter = Arc<dyn Fn() + Send + Sync>;

/// A participant's host.
struct Host {
    context: Arc<RunContext>,
    seat: Seat,
    jitter: Option<Jitter>,
}

impl Actor for Host {
    type Context = Context<Self>;
}

/// Asks a host to play a turn.
struct Perform(Activation);
impl Message for Perform {
    type Result = Reaction;
}
impl Handler<Perform> for Host {
    type Result = MessageResult<Perform>;
    fn handle(&mut self, Perform(turn): Perform, _: &mut Context<Self>) -> Self::Result {
        if let Some(jitter) = &self.jitter {
            jitter();
        }
        let reaction = self.seat.play(&self.context, &turn);
        if let Some(jitter) = &self.jitter {
            jitter();
        }
        MessageResult(reaction)
    }
}

/// Asks a host to make its participant anew.
struct Restart;
impl Message for Restart {
    type Result = ();
}
impl Handler<Restart> for Host {
    type Result = ();
    fn handle(&mut self, _: Restart, _: &mut Context<Self>) {
        self.seat.restart(&self.context);
    }
}

/// Asks a host for a copy of its participant.
struct Copy;
impl Message for Copy {
    type Result = Seat;
}
impl Handler<Copy> for Host {
    type Result = MessageResult<Copy>;
    fn handle(&mut self, _: Copy, _: &mut Context<Self>) -> Self::Result {
        MessageResult(self.seat.clone())
    }
}

/// The actix driver. It has a runtime of its own and belongs to the thread that made it, which must not be
/// inside another runtime.
pub struct Actix {
    hosts: Vec<Addr<Host>>,
    chain: Addr<ChainActor>,
    arbiters: Vec<Arbiter>,
    system: SystemRunner,
}

impl fmt::Debug for Actix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hosts, arbiters) = (self.hosts.len(), self.arbiters.len());
        write!(f, "Actix {{ hosts: {hosts}, arbiters: {arbiters} }}")
    }
}

impl Actix {
    /// A driver of these participants, which stand in [`ActorId`] order: participant `i` on arbiter
    /// `i mod arbiters`, the chain on one more.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn new(
        context: &Arc<RunContext>,
        seats: Vec<Seat>,
        chain: Box<dyn Executor>,
        arbiters: NonZeroUsize,
        jitter: Option<&Jitter>,
    ) -> Result<Self, DriverError> {
        let system = System::new();
        let threads = arbiters.get().saturating_add(1);
        let arbiters = system
            .block_on(async move { (0..threads).map(|_| Arbiter::try_new()).collect::<Result<Vec<_>, _>>() });
        let arbiters = arbiters.map_err(|error| DriverError::Start(error.to_string()))?;
        let Some((own, shared)) = arbiters.split_first() else {
            return Err(DriverError::Start("no arbiter".to_owned()));
        };
        let host = |(seat, arbiter): (Seat, &Arbiter)| {
            let (context, jitter) = (Arc::clone(context), jitter.map(Arc::clone));
            Host::start_in_arbiter(&arbiter.handle(), move |_| Host { context, seat, jitter })
        };
        let (chain, hosts) = system.block_on(async {
            let chain = ChainActor::start_in_arbiter(&own.handle(), move |_| ChainActor::new(chain));
            (chain, seats.into_iter().zip(shared.iter().cycle()).map(host).collect())
        });
        Ok(Self { hosts, chain, arbiters, system })
    }

    fn host(&self, actor: ActorId) -> Result<&Addr<Host>, DriverError> {
        self.hosts.get(actor.index()).ok_or(DriverError::Host(actor.0))
    }
}

impl Driver for Actix {
    fn play(&mut self, turns: Vec<Activation>) -> Result<Vec<Reaction>, DriverError> {
        let mut pending = Vec::with_capacity(turns.len());
        for turn in turns {
            let actor = turn.actor;
            // The message is in the mailbox when `send` returns; awaiting it is only for the answer.
            pending.push((actor, self.host(actor)?.send(Perform(turn))));
        }
        self.system.block_on(async move {
            let mut reactions = Vec::with_capacity(pending.len());
            for (actor, request) in pending {
                reactions.push(request.await.map_err(|_| DriverError::Host(actor.0))?);
            }
            Ok(reactions)
        })
    }

    fn restart(&mut self, actor: ActorId) -> Result<(), DriverError> {
        let request = self.host(actor)?.send(Restart);
        self.system.block_on(request).map_err(|_| DriverError::Host(actor.0))
    }

    fn seats(&mut self) -> Result<Vec<Seat>, DriverError> {
        let requests: Vec<_> = self.hosts.iter().map(|host| host.send(Copy)).collect();
        self.system.block_on(async move {
            let mut seats = Vec::with_capacity(requests.len());
            for (actor, request) in (0..).zip(requests) {
                seats.push(request.await.map_err(|_| DriverError::Host(actor))?);
            }
            Ok(seats)
        })
    }

    fn seal(&mut self, state: State, input: &BlockInput) -> Result<(State, BlockOutcome), DriverError> {
        let request = self.chain.send(SealBlock { state, input: input.clone() });
        self.system.block_on(request).map_err(|_| DriverError::Chain)?
    }
}

impl Drop for Actix {
    /// Every turn has been answered by now, so nothing is lost when the arbiters stop.
    fn drop(&mut self) {
        for arbiter in self.arbiters.drain(..) {
            arbiter.stop();
            // A thread that ended in a panic has nothing left to say.
            let _ = arbiter.join();
        }
    }
}
