//! When a connection asked last: who is told twice about one extrinsic is given time between.

use super::meter::Meter;
use crate::pace::Tick;
use jsonrpsee::Extensions;
use jsonrpsee::core::middleware::{Batch, BatchEntry, Notification, RpcServiceT};
use jsonrpsee::core::server::MethodResponse;
use jsonrpsee::types::Request;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The longest that a busy client is given.
const BUSY_MAX: Duration = Duration::from_secs(8);

/// When a connection asked last.
#[derive(Clone, Debug)]
pub(super) struct Activity(Arc<Mutex<Tick>>);

impl Activity {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Tick::now())))
    }

    /// That of the connection of a request.
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(Self::new)
    }

    fn touch(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Tick::now();
    }

    /// Waits until a time has passed since the client heard of something, and since it asked for anything: it looks up what
    /// it heard of, and a client with much to do takes longer. At most eight seconds in all.
    pub(super) async fn settle(&self, heard: Tick, least: Duration) {
        loop {
            let asked = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let until = (heard.max(asked) + least).min(heard + BUSY_MAX);
            if Tick::now() >= until {
                return;
            }
            tokio::time::sleep_until(until).await;
        }
    }
}

/// Notes each request of a connection, and lets it wait its turn.
#[derive(Clone, Debug)]
pub(super) struct ActivityLayer {
    meter: Arc<Meter>,
}

impl ActivityLayer {
    pub(super) const fn new(meter: Arc<Meter>) -> Self {
        Self { meter }
    }
}

impl<S> tower::Layer<S> for ActivityLayer {
    type Service = Noted<S>;
    fn layer(&self, service: S) -> Noted<S> {
        Noted { service, activity: Activity::new(), meter: Arc::clone(&self.meter) }
    }
}

/// What answers the requests of a connection.
#[derive(Clone, Debug)]
pub(super) struct Noted<S> {
    service: S,
    activity: Activity,
    meter: Arc<Meter>,
}

/// Orders of developers wait for blocks, so that they take no turn from others.
fn is_order(method: &str) -> bool {
    ["localnet_", "evm_", "anvil_", "hardhat_", "dev_"].iter().any(|prefix| method.starts_with(prefix))
}

impl<S> RpcServiceT for Noted<S>
where
    S: RpcServiceT<MethodResponse = MethodResponse, BatchResponse = MethodResponse>
        + Clone
        + Send
        + Sync
        + 'static,
{
    type MethodResponse = MethodResponse;
    type NotificationResponse = S::NotificationResponse;
    type BatchResponse = MethodResponse;

    fn call<'a>(&self, mut request: Request<'a>) -> impl Future<Output = Self::MethodResponse> + Send + 'a {
        self.activity.touch();
        request.extensions_mut().insert(self.activity.clone());
        let (service, meter) = (self.service.clone(), Arc::clone(&self.meter));
        async move {
            let turn = if is_order(request.method_name()) { None } else { meter.turn().await };
            let response = service.call(request).await;
            meter.made(response.as_ref().len());
            drop(turn);
            response
        }
    }

    fn batch<'a>(&self, mut batch: Batch<'a>) -> impl Future<Output = Self::BatchResponse> + Send + 'a {
        self.activity.touch();
        for request in batch.iter_mut().flatten() {
            if let BatchEntry::Call(request) = request {
                request.extensions_mut().insert(self.activity.clone());
            }
        }
        let (service, meter) = (self.service.clone(), Arc::clone(&self.meter));
        async move {
            let turn = meter.turn().await;
            let response = service.batch(batch).await;
            meter.made(response.as_ref().len());
            drop(turn);
            response
        }
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = Self::NotificationResponse> + Send + 'a {
        self.service.notification(notification)
    }
}
