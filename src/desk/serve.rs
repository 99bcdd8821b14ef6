//! The desk as a plain thread that waits for nothing but its queue, its journal and its index.
//!
//! What has gathered in the queue while a batch was written becomes the next batch: one fsync for all of it.

use std::sync::mpsc::{Receiver, Sender, channel};

use super::{Desk, DeskFault, Input, Outcome};
use crate::ports::Clock;

/// The most inputs in one batch.
const MOST_AT_ONCE: usize = 256;

/// Where inputs are handed in. Clone it for everybody who has some.
#[derive(Clone)]
pub struct Handle(Sender<Job>);

struct Job {
    input: Input,
    answer: Sender<Outcome>,
}

/// The desk has stopped; what was not answered was not done, as far as anybody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the desk has stopped")]
pub struct Stopped;

impl Handle {
    /// Hands an input in and gives back where its outcome will come.
    pub fn hand_in(&self, input: Input) -> Result<Receiver<Outcome>, Stopped> {
        let (answer, outcome) = channel();
        self.0.send(Job { input, answer }).map_err(|_| Stopped)?;
        Ok(outcome)
    }

    /// Hands an input in and waits for what became of it.
    pub fn ask(&self, input: Input) -> Result<Outcome, Stopped> {
        self.hand_in(input)?.recv().map_err(|_| Stopped)
    }
}

/// A queue, and the work of the thread that serves it: it ends when every handle is gone, and gives the desk back.
pub fn serve(
    mut desk: Desk,
    clock: Box<dyn Clock>,
) -> (Handle, impl FnOnce() -> Result<Desk, DeskFault> + Send) {
    let (sender, queue) = channel::<Job>();
    let work = move || {
        while let Ok(first) = queue.recv() {
            let jobs: Vec<Job> = std::iter::once(first)
                .chain(queue.try_iter().take(MOST_AT_ONCE - 1))
                .collect();
            let (inputs, answers): (Vec<Input>, Vec<Sender<Outcome>>) =
                jobs.into_iter().map(|job| (job.input, job.answer)).unzip();
            let outcomes = desk.handle(inputs, clock.now())?;
            for (outcome, answer) in outcomes.into_iter().zip(answers) {
                // Somebody who no longer waits for the answer has no use for it; what was done is on disk.
                let _gone = answer.send(outcome);
            }
        }
        Ok(desk)
    };
    (Handle(sender), work)
}
