//! One person's work on one entry: which steps are done, what is waited for,
//! how it ended.

use crate::index::{Index, Resolution, StepKind};

/// A point in time, in seconds since 1970. A clock that is set back makes
/// durations zero, never negative.
pub type Time = u32;

/// What a person did about one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Index of the entry.
    pub doc: u32,
    /// When it was opened first.
    pub started: Time,
    /// The steps that are done, in the order in which they were.
    pub done: Vec<Done>,
    /// What is waited for.
    pub timer: Option<Timer>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// A step that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its position among the steps.
    pub step: usize,
    /// When.
    pub at: Time,
}

/// A wait that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Position of the step that waits.
    pub step: usize,
    /// When it is over.
    pub ends: Time,
    /// Whether its end was noticed and said.
    pub is_over: bool,
}

/// How the work on an entry ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The problem is gone.
    Solved,
    /// The steps did not help.
    NotSolved,
    /// Somebody else takes it from here.
    HandedOver,
}

impl Timer {
    /// Seconds that are left.
    pub fn left(&self, now: Time) -> u32 {
        self.ends.saturating_sub(now)
    }
}

impl Work {
    /// Work that begins.
    pub fn new(doc: u32, now: Time) -> Self {
        Self { doc, started: now, ..Self::default() }
    }

    /// Whether a step is done.
    pub fn is_done(&self, step: usize) -> bool {
        self.done.iter().any(|it| it.step == step)
    }

    /// The first step that is not done.
    pub fn current(&self, n_steps: usize) -> Option<usize> {
        (0..n_steps).find(|it| !self.is_done(*it))
    }

    /// Whether there is anything to remember.
    pub fn is_begun(&self) -> bool {
        !self.done.is_empty() || self.timer.is_some() || self.outcome.is_some()
    }

    /// Whether there is something to come back to.
    pub fn is_unfinished(&self) -> bool {
        self.is_begun() && self.outcome.is_none()
    }

    /// What is waited for as long as nothing has ended it.
    pub fn waits_for(&self) -> Option<Timer> {
        self.timer.filter(|_| self.outcome.is_none())
    }

    /// The timer of a step.
    pub fn timer_of(&self, step: usize) -> Option<Timer> {
        self.timer.filter(|it| it.step == step)
    }

    /// How long it has taken, in seconds.
    pub fn seconds(&self, now: Time) -> u32 {
        now.saturating_sub(self.started)
    }

    /// Ends a step that is not done.
    pub(super) fn finish(&mut self, step: usize, now: Time) {
        self.timer = self.timer.filter(|it| it.step != step);
        self.done.push(Done { step, at: now });
    }

    pub(super) fn undo(&mut self, step: usize) {
        self.done.retain(|it| it.step != step);
    }
}

/// Whom to reach about an entry: whom its steps name first, else its own
/// contact.
pub fn contact_of(resolution: &Resolution) -> Option<usize> {
    let named = resolution.steps.iter().find_map(|it| match it.kind {
        StepKind::Escalate { contact } => Some(contact),
        _ => None,
    });
    named.or(resolution.contact)
}

/// Whom to reach where no entry says whom: the first contact.
pub fn default_contact(index: &Index) -> Option<usize> {
    (!index.contacts().is_empty()).then_some(0)
}

/// Number of steps of an entry; 0 where they are not at hand.
pub fn n_steps(index: &Index, doc: u32) -> usize {
    index.resolution(doc).map_or(0, |it| it.steps.len())
}
