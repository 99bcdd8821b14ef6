//! The desk as the room's tasks speak to it: it works on a thread of its own and they wait for it without holding one up.

use crate::desk::{Handle, Input, Outcome, Stopped};

/// A way to the desk.
#[derive(Clone)]
pub struct DeskHandle(Handle);

impl DeskHandle {
    /// Over a desk that is served.
    pub fn new(handle: Handle) -> DeskHandle {
        DeskHandle(handle)
    }

    /// Hands an input in and waits for what became of it.
    pub async fn ask(&self, input: Input) -> Result<Outcome, Stopped> {
        let handle = self.0.clone();
        tokio::task::spawn_blocking(move || handle.ask(input)).await.unwrap_or(Err(Stopped))
    }

    /// Ends the desk once everything handed in before is answered.
    pub fn stop(&self) {
        self.0.stop();
    }
}
