//! Ctrl-C: where there is something to end in good order, the first asks for that and the second ends the process at
//! once; elsewhere the first does.

use crate::exit::Exit;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);
static ORDERLY: AtomicBool = AtomicBool::new(false);

/// Listens for Ctrl-C and for the signal by which a machine asks a process to end.
///
/// # Errors
/// When the system does not allow it.
pub fn install() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::SeqCst) || !ORDERLY.load(Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted.code().into());
        }
    })
}

/// Makes the signal of a limit on file sizes (`ulimit -f`) an error of the write that meets it, for this thread and all that
/// it starts. Otherwise it would end the process without a word.
pub fn hold_file_size_signal() {
    #[cfg(unix)]
    {
        let mut signals = nix::sys::signal::SigSet::empty();
        signals.add(nix::sys::signal::Signal::SIGXFSZ);
        if let Err(error) = signals.thread_block() {
            tracing::warn!(%error, "a limit on file sizes will end the process");
        }
    }
}

/// Says that from now on somebody looks at [`requested`] all the time.
pub fn orderly() {
    ORDERLY.store(true, Ordering::SeqCst);
}

/// True once a stop was asked for.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}
