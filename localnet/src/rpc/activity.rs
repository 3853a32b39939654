//! When a connection asked last: who is told twice about one extrinsic is given time between.

use jsonrpsee::Extensions;
use jsonrpsee::core::middleware::{Batch, BatchEntry, Notification, RpcServiceT};
use jsonrpsee::types::Request;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The longest that a busy client is given.
const BUSY_MAX: Duration = Duration::from_secs(3);

/// When a connection asked last.
#[derive(Clone, Debug)]
pub(super) struct Activity(Arc<Mutex<Instant>>);

impl Activity {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// That of the connection of a request.
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(Self::new)
    }

    fn touch(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Waits until a time has passed since the client heard of something, and since it asked for anything: it looks up what
    /// it heard of, and a client with much to do takes longer. At most three seconds in all.
    pub(super) async fn settle(&self, heard: Instant, least: Duration) {
        loop {
            let asked = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let until = (heard.max(asked) + least).min(heard + BUSY_MAX);
            if Instant::now() >= until {
                return;
            }
            tokio::time::sleep_until(until).await;
        }
    }
}

/// Notes each request of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct ActivityLayer;

impl<S> tower::Layer<S> for ActivityLayer {
    type Service = Noted<S>;
    fn layer(&self, service: S) -> Noted<S> {
        Noted { service, activity: Activity::new() }
    }
}

/// What answers the requests of a connection.
#[derive(Clone, Debug)]
pub(super) struct Noted<S> {
    service: S,
    activity: Activity,
}

impl<S: RpcServiceT> RpcServiceT for Noted<S> {
    type MethodResponse = S::MethodResponse;
    type NotificationResponse = S::NotificationResponse;
    type BatchResponse = S::BatchResponse;

    fn call<'a>(&self, mut request: Request<'a>) -> impl Future<Output = Self::MethodResponse> + Send + 'a {
        self.activity.touch();
        request.extensions_mut().insert(self.activity.clone());
        self.service.call(request)
    }

    fn batch<'a>(&self, mut batch: Batch<'a>) -> impl Future<Output = Self::BatchResponse> + Send + 'a {
        self.activity.touch();
        for request in batch.iter_mut().flatten() {
            if let BatchEntry::Call(request) = request {
                request.extensions_mut().insert(self.activity.clone());
            }
        }
        self.service.batch(batch)
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = Self::NotificationResponse> + Send + 'a {
        self.service.notification(notification)
    }
}
