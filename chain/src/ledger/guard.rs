//! Guards around sled: panics that are caught and not printed, threads that cannot be made, calls that never return.

use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Once, OnceLock};
use std::thread;
use std::time::Duration;

use super::store::Fault;

/// Threads that sled starts for its first database, and ours that writes.
const THREADS: usize = 9;
/// A panic's text beyond this is left out: sled prints whole pages.
const TEXT_MAX: usize = 300;

thread_local! {
    static QUIET: Cell<u32> = const { Cell::new(0) };
}

/// Runs a call into sled. It panics on some damaged files where it should return an error; the panic is not printed, and
/// what is behind it is not used again other than to be dropped.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    install();
    QUIET.set(QUIET.get().saturating_add(1));
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    QUIET.set(QUIET.get().saturating_sub(1));
    result.unwrap_or_else(|panic| Err(Fault::Panicked(panic_text(&*panic))))
}

/// Puts a hook before the present one that prints nothing of panics in guarded calls and on sled's own threads.
fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let on_sled = thread::current()
                .name()
                .is_some_and(|name| name.starts_with("sled-io") || name == "log flusher");
            if QUIET.get() == 0 && !on_sled {
                before(info);
            }
        }));
    });
}

/// The text of a caught panic.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "no message".to_owned());
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Runs a call into sled on a thread of its own and waits for it for at most `patience`. sled only logs that it could not
/// start its threads, and then waits for them for ever.
pub(super) fn watched<T: Send + 'static>(
    patience: Duration,
    call: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    enough_threads()?;
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || {
        // Without a receiver the result goes: the caller has given up.
        let _ = sender.send(call());
    };
    let thread = thread::Builder::new().name("ledger-open".to_owned()).spawn(work).map_err(Fault::Threads)?;
    match receiver.recv_timeout(patience) {
        Ok(result) => {
            let _ = thread.join();
            result
        }
        Err(RecvTimeoutError::Timeout) => Err(Fault::Stalled(patience)),
        Err(RecvTimeoutError::Disconnected) => Err(Fault::Panicked("no message".to_owned())),
    }
}

/// Finds out once whether the system makes as many threads as sled needs, all at a time.
fn enough_threads() -> Result<(), Fault> {
    static ENOUGH: OnceLock<()> = OnceLock::new();
    if ENOUGH.get().is_some() {
        return Ok(());
    }
    let mut threads = Vec::new();
    let mut doors = Vec::new();
    let mut refused = None;
    for _ in 0..THREADS {
        let (door, wait) = mpsc::channel::<()>();
        let probe = move || {
            let _ = wait.recv();
        };
        match thread::Builder::new().name("ledger-probe".to_owned()).spawn(probe) {
            Ok(thread) => threads.push(thread),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
        doors.push(door);
    }
    drop(doors);
    for thread in threads {
        let _ = thread.join();
    }
    match refused {
        Some(error) => Err(Fault::Threads(error)),
        None => {
            let _ = ENOUGH.set(());
            Ok(())
        }
    }
}

/// Words of an error about threads.
pub(super) fn threads_text(source: &io::Error) -> String {
    format!(
        "the system makes no more threads ({source}), and a ledger needs {THREADS}; raise the limit on processes, threads or \
         memory (ulimit -u, ulimit -v, pids.max)"
    )
}
