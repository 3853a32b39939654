//! Open weight commits: from which block a validator's hidden weights date.

/// For every uid the oldest block of an open commit, which hides its weights on miners registered later.
///
/// **Source**: spec `epoch.md` section 6, step 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinCommitBlocks {
    /// The subnet's epoch counter, already increased for the epoch that runs.
    pub current_epoch: u64,
    /// Epochs after which a commit is revealed; one epoch later it has expired.
    pub reveal_period_epochs: u64,
}

impl MinCommitBlocks {
    /// Starts: no uid has an open commit. Writes `u64::MAX` for each of `n` uids, reusing the memory.
    pub fn reset(blocks: &mut Vec<u64>, n: usize) {
        blocks.clear();
        blocks.resize(n, u64::MAX);
    }

    /// Takes in one account's queue of (commit epoch, commit block): only its **first** unexpired element counts.
    pub fn queue(&self, blocks: &mut [u64], uid: u16, queue: impl IntoIterator<Item = (u64, u64)>) {
        let first = queue.into_iter().find(|&(epoch, _)| !self.expired(epoch));
        if let (Some((_, block)), Some(oldest)) = (first, blocks.get_mut(usize::from(uid))) {
            *oldest = block.min(*oldest);
        }
    }

    /// Takes in one bucket of timelocked commits (uid, commit block) made in `commit_epoch`: all of them count.
    pub fn timelocked(
        &self,
        blocks: &mut [u64],
        commit_epoch: u64,
        bucket: impl IntoIterator<Item = (u16, u64)>,
    ) {
        if self.expired(commit_epoch) {
            return;
        }
        for (uid, block) in bucket {
            if let Some(oldest) = blocks.get_mut(usize::from(uid)) {
                *oldest = block.min(*oldest);
            }
        }
    }

    const fn expired(&self, commit_epoch: u64) -> bool {
        self.current_epoch > commit_epoch.saturating_add(self.reveal_period_epochs)
    }
}
