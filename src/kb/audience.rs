//! Who may see what.

use std::fmt;

use serde::Serialize;

/// Circles of readers, from the widest to the narrowest; each sees all that
/// the wider ones see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everybody.
    #[default]
    Customer,
    /// The people who take the calls, and their supervisors.
    Agent,
    /// The people who run the portal.
    Staff,
}

impl Audience {
    /// From the widest to the narrowest.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Agent, Self::Staff];

    /// The audience of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// As written in marks, manifests and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Staff => "staff",
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something with a mark that says whom it is for, or without one.
#[derive(Clone, Debug, Default)]
pub struct Marked<T> {
    pub audience: Option<Audience>,
    pub value: T,
}

/// What a reader of this audience sees.
///
/// What has no mark is for everybody. Marked items that follow each other are
/// wordings of one thing for different circles: of such a run the reader sees
/// the narrowest wording that they may see, and nothing where all of it is too
/// narrow for them.
pub fn visible<T>(items: &[Marked<T>], reader: Audience) -> Vec<&T> {
    visible_or_left_out(items, reader).into_iter().flatten().collect()
}

/// The same, with `None` where something was left out and nothing stands for it.
pub fn visible_or_left_out<T>(items: &[Marked<T>], reader: Audience) -> Vec<Option<&T>> {
    let mut seen = Vec::new();
    for run in items.chunk_by(|a, b| a.audience.is_some() == b.audience.is_some()) {
        let wording = run.iter().filter_map(|it| it.audience).filter(|it| *it <= reader).max();
        let in_run = run.iter().filter(|it| it.audience.is_none() || it.audience == wording);
        let before = seen.len();
        seen.extend(in_run.map(|it| Some(&it.value)));
        if seen.len() == before {
            seen.push(None);
        }
    }
    seen
}
