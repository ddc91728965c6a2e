//! Progress as a text that a page can keep, and back.
//!
//! ```text
//! unstuck 1
//! billing-charged-twice 1597739458 1700000000 - - 0:1700000060,1:1700000090
//! ```
//!
//! A line an entry: its id, the revision of its steps, when it was opened, how it
//! ended (`-`, `s`olved, `n`ot solved, `h`anded over), the wait that is on
//! (`step:end`), the steps that are done (`step:time`). What cannot be read, or
//! is about steps that have changed since, is left out; the rest counts.

use super::work::{Done, Outcome, Time, Timer, Work};
use crate::index::{Index, StepKind};

/// The first line. Another version is another line.
const HEAD: &str = "unstuck 1";

/// How many entries are remembered: those that were opened last. More would
/// fill the storage that a host page shares with us, and nobody comes back to
/// so many.
const MAX_WORKS: usize = 20;

/// Most steps of an entry that are read as done: each is compared with those
/// before it, and whoever else writes into the storage may have left millions.
/// No entry has a tenth of it.
const MAX_DONE: usize = 1_000;

/// The progress worth keeping; empty where there is none.
pub fn write(index: &Index, works: &[Work]) -> String {
    let begun: Vec<&Work> = works.iter().filter(|it| it.is_begun()).collect();
    if begun.is_empty() {
        return String::new();
    }
    let mut out = String::from(HEAD);
    for it in &begun[begun.len().saturating_sub(MAX_WORKS)..] {
        let outcome = match it.outcome {
            None => "-",
            Some(Outcome::Solved) => "s",
            Some(Outcome::NotSolved) => "n",
            Some(Outcome::HandedOver) => "h",
        };
        let pair = |step: usize, time: Time| [step.to_string(), time.to_string()].join(":");
        let timer = it.timer.map_or_else(|| "-".into(), |it| pair(it.step, it.ends));
        let done: Vec<String> = it.done.iter().map(|it| pair(it.step, it.at)).collect();
        let done = if done.is_empty() { "-".into() } else { done.join(",") };
        let (sum, started) = (index.revision(it.doc).to_string(), it.started.to_string());
        out.push('\n');
        let id = index.summary(it.doc).id;
        out.push_str(&[&id, &sum, &started, outcome, &timer, &done].join(" "));
    }
    out
}

/// The progress in a text, however damaged.
pub fn read(index: &Index, text: &str, now: Time) -> Vec<Work> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return Vec::new();
    }
    let mut works: Vec<Work> = Vec::new();
    for it in lines.take(MAX_WORKS).filter_map(|it| work(index, it, now)) {
        if works.iter().all(|other| other.doc != it.doc) {
            works.push(it);
        }
    }
    works
}

fn work(index: &Index, line: &str, now: Time) -> Option<Work> {
    let mut parts = line.split(' ');
    let mut next = || parts.next();
    let doc = index.find(next()?)?;
    let resolution = index.resolution(doc);
    if next()?.parse() != Ok(index.revision(doc)) {
        return None;
    }
    let n_steps = resolution.as_ref().map_or(usize::MAX, |it| it.steps.len());
    let pair = |text: &str| {
        let (step, time) = text.split_once(':')?;
        let step = step.parse().ok().filter(|it| *it < n_steps)?;
        Some((step, time.parse().ok()?))
    };
    let started = next()?.parse().ok()?;
    let outcome = match next()? {
        "s" => Some(Outcome::Solved),
        "n" => Some(Outcome::NotSolved),
        "h" => Some(Outcome::HandedOver),
        _ => None,
    };
    let timer = pair(next()?).and_then(|(step, ends): (usize, Time)| {
        // Nobody waits longer than the step says, whatever was written.
        let longest = match resolution.as_ref().map(|it| it.steps[step].kind) {
            Some(StepKind::Wait { minutes }) => minutes.saturating_mul(60),
            None => Time::MAX,
            Some(_) => return None,
        };
        Some(Timer { step, ends: ends.min(now.saturating_add(longest)), is_over: false })
    });
    let mut work = Work { doc, started, timer, outcome, ..Work::default() };
    for (step, at) in next()?.split(',').take(MAX_DONE).filter_map(pair) {
        if !work.is_done(step) {
            work.done.push(Done { step, at });
        }
    }
    // What is done is not waited for.
    work.timer = work.timer.filter(|it| !work.is_done(it.step) && work.outcome.is_none());
    work.is_begun().then_some(work)
}
