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

#[expect(
    clippy::large_enum_variant,
    reason = "nearly every job is an input; a box for each would cost more than it saves"
)]
enum Job {
    Handle(Input, Sender<Outcome>),
    Stop,
}

/// The desk has stopped; what was not answered was not done, as far as anybody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the desk has stopped")]
pub struct Stopped;

impl Handle {
    /// Hands an input in and gives back where its outcome will come.
    pub fn hand_in(&self, input: Input) -> Result<Receiver<Outcome>, Stopped> {
        let (answer, outcome) = channel();
        self.0.send(Job::Handle(input, answer)).map_err(|_| Stopped)?;
        Ok(outcome)
    }

    /// Ends the thread once everything handed in before is answered.
    pub fn stop(&self) {
        // A desk that has stopped already is what was asked for.
        let _gone = self.0.send(Job::Stop);
    }

    /// Hands an input in and waits for what became of it.
    pub fn ask(&self, input: Input) -> Result<Outcome, Stopped> {
        self.hand_in(input)?.recv().map_err(|_| Stopped)
    }
}

/// A queue, and the work of the thread that serves it: it ends when it is told to stop, or when every handle is gone, and
/// gives the desk back.
pub fn serve(
    mut desk: Desk,
    clock: Box<dyn Clock>,
) -> (Handle, impl FnOnce() -> Result<Desk, DeskFault> + Send) {
    let (sender, queue) = channel::<Job>();
    let work = move || {
        let mut stop = false;
        while !stop {
            let Ok(first) = queue.recv() else { break };
            let mut inputs = Vec::new();
            let mut answers = Vec::new();
            for job in std::iter::once(first).chain(queue.try_iter()) {
                match job {
                    Job::Handle(input, answer) => {
                        inputs.push(input);
                        answers.push(answer);
                    }
                    Job::Stop => stop = true,
                }
                if stop || inputs.len() == MOST_AT_ONCE {
                    break;
                }
            }
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
