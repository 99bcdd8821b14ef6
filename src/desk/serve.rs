//! The desk as a plain thread that waits for nothing but its queue, its journal and its index.
//!
//! What has gathered in the queue while a batch was written becomes the next batch: one fsync for all of it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault, Input, Outcome, Post};
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

/// A desk that is up looks at its clock at least this often, whatever falls due.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// A queue, and the work of the thread that serves it: it ends when it is told to stop, or when every handle is gone, and
/// gives the desk back. Time goes on only by the ticks that somebody hands in.
pub fn serve(desk: Desk, clock: Box<dyn Clock>) -> (Handle, impl FnOnce() -> Result<Desk, DeskFault> + Send) {
    serving(desk, clock, None)
}

/// The same of a desk that looks at its clock by itself, at its start and whenever something falls due: what it then has to
/// say goes to `say`.
pub fn serve_awake(
    desk: Desk,
    clock: Box<dyn Clock>,
    say: Box<dyn FnMut(Vec<Post>) + Send>,
) -> (Handle, impl FnOnce() -> Result<Desk, DeskFault> + Send) {
    serving(desk, clock, Some(say))
}

type Say = Box<dyn FnMut(Vec<Post>) + Send>;

fn serving(
    desk: Desk,
    clock: Box<dyn Clock>,
    say: Option<Say>,
) -> (Handle, impl FnOnce() -> Result<Desk, DeskFault> + Send) {
    let (sender, queue) = channel::<Job>();
    let mut serving = Serving { desk, clock, say, queue, rest: None };
    let work = move || {
        let mut rest = serving.tick()?;
        while let Some(first) = serving.next_job(rest) {
            if let Some(first) = first
                && serving.batch(first)?
            {
                break;
            }
            // A batch may have brought what is due at once, or sooner than what was waited for.
            rest = serving.tick()?;
        }
        Ok(serving.desk)
    };
    (Handle(sender), work)
}

/// A desk at work.
struct Serving {
    desk: Desk,
    clock: Box<dyn Clock>,
    say: Option<Say>,
    queue: Receiver<Job>,
    /// `None` before the first tick.
    rest: Option<Rest>,
}

impl Serving {
    /// The next job, or `Some(None)` when the rest is over; `None` when every handle is gone.
    fn next_job(&self, rest: Option<Duration>) -> Option<Option<Job>> {
        match rest {
            None => self.queue.recv().ok().map(Some),
            Some(rest) => match self.queue.recv_timeout(rest) {
                Ok(job) => Some(Some(job)),
                Err(RecvTimeoutError::Timeout) => Some(None),
                Err(RecvTimeoutError::Disconnected) => None,
            },
        }
    }

    /// Handles a job and what has gathered behind it. Whether it is told to stop.
    fn batch(&mut self, first: Job) -> Result<bool, DeskFault> {
        let mut stop = false;
        let mut inputs = Vec::new();
        let mut answers = Vec::new();
        for job in std::iter::once(first).chain(self.queue.try_iter()) {
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
        let outcomes = self.desk.handle(inputs, self.clock.now())?;
        for (outcome, answer) in outcomes.into_iter().zip(answers) {
            // Somebody who no longer waits for the answer has no use for it; what was done is on disk.
            let _gone = answer.send(outcome);
        }
        Ok(stop)
    }

    /// Lets what has fallen due happen, if this desk does so by itself, and gives how long it may rest.
    fn tick(&mut self) -> Result<Option<Duration>, DeskFault> {
        let Some(say) = &mut self.say else {
            return Ok(None);
        };
        let now = self.clock.now();
        let is_fresh = |rest: &Rest| (now - rest.since).to_std().is_ok_and(|rested| rested < LONGEST_REST);
        let rests =
            self.rest.as_ref().filter(|rest| is_fresh(rest) && rest.next.is_none_or(|next| now < next));
        if rests.is_none() || self.desk.is_stirred() {
            let steady = self.clock.steady();
            let before = self.rest.as_ref().and_then(|rest| rest.steady);
            let passed = steady.zip(before).and_then(|(now, then)| now.checked_sub(then));
            let mut next = None;
            for outcome in self.desk.handle(vec![Input::Tick { steady: passed }], now)? {
                if let Outcome::Ticked { posts, next: then } = outcome {
                    if !posts.is_empty() {
                        say(posts);
                    }
                    next = then;
                }
            }
            self.rest = Some(Rest { since: now, steady, next });
        }
        let next = self.rest.as_ref().and_then(|rest| rest.next);
        let ahead = next.and_then(|next| (next - now).to_std().ok());
        Ok(Some(ahead.map_or(LONGEST_REST, |ahead| ahead.min(LONGEST_REST))))
    }
}

/// What is known since the last tick.
struct Rest {
    since: DateTime<Utc>,
    /// What the steady clock said.
    steady: Option<Duration>,
    /// When something falls due next.
    next: Option<DateTime<Utc>>,
}
