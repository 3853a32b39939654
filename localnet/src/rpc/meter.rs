//! What a connection has been answered and has not read yet. Who does not read is not answered further, and ends.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Sleep;

/// Calls of one connection that are answered at a time. Orders of developers do not count: they wait for blocks.
const CALLS: usize = 8;
/// No further call of a connection is answered while more bytes than these wait for it.
const UNREAD_MAX: u64 = 4 << 20;
/// A connection that takes nothing for so long ends.
const STALLED: Duration = Duration::from_secs(60);

/// Bytes that were made for a connection, and that it took.
#[derive(Debug)]
pub(super) struct Meter {
    made: AtomicU64,
    taken: AtomicU64,
    changed: Notify,
    calls: Semaphore,
}

impl Meter {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            made: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            changed: Notify::new(),
            calls: Semaphore::new(CALLS),
        })
    }

    /// Waits until the connection has read most of what it was answered.
    pub(super) async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        let turn = self.calls.acquire().await.ok();
        loop {
            let changed = self.changed.notified();
            let unread = self.made.load(Ordering::Relaxed).saturating_sub(self.taken.load(Ordering::Relaxed));
            if unread <= UNREAD_MAX {
                return turn;
            }
            changed.await;
        }
    }

    /// Counts an answer.
    pub(super) fn made(&self, bytes: usize) {
        self.made.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn took(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
        self.changed.notify_waiters();
    }
}

/// A connection whose writes are counted and may not stall.
#[derive(Debug)]
pub(super) struct Metered {
    stream: TcpStream,
    meter: Arc<Meter>,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Metered {
    pub(super) const fn new(stream: TcpStream, meter: Arc<Meter>) -> Self {
        Self { stream, meter, stalled: None }
    }

    /// Notes what came of a write.
    fn wrote(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(written) => {
                self.stalled = None;
                self.meter.took(*written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
            Poll::Pending => {
                let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED)));
                ready!(stalled.as_mut().poll(context));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")))
            }
        }
    }
}

impl AsyncRead for Metered {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Metered {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.wrote(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.wrote(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
