//! How an entry ends: solved, the next likely entry, or the right person.

use leptos::prelude::Get;

use super::dom::{El, el};
use super::steps::{Open, countdown};
use super::{Context, hand_over, press, results};
use crate::index::{Resolution, StepKind};
use crate::session::{Event, Outcome, State, Work, contact_of};

/// "Did this fix it?", and what follows.
pub fn outcome(open: Open, resolution: &Resolution) -> El {
    let Open { context, doc, .. } = open;
    let is_expected = resolution.steps.last().is_some_and(|it| it.kind == StepKind::Info);
    let (contact, n) = (contact_of(resolution), resolution.steps.len());
    let shown = context.key(move |it| {
        let outcome = it.work(doc).and_then(|it| it.outcome).map_or(0, |it| it as u64 + 1);
        let form = it.hand_over.as_ref().map_or(0, |it| 1 + it.contact.map_or(0, |it| it as u64 + 1));
        outcome << 32 | form
    });
    // With all steps done, this is what comes next.
    el("div", "outcome")
        .part("outcome")
        .attr("tabindex", "-1")
        .attr("role", "group")
        .attr("aria-label", &context.say("outcome"))
        .bind_flag("data-due", move || open.work().current(n).is_none())
        .bind_children(move || {
            shown.get();
            let state = context.peek();
            let is_handing_over = state.hand_over.is_some();
            let outcome = state.work(doc).and_then(|it| it.outcome);
            let (say, buttons): (&str, &[(&str, Event)]) = match outcome {
                _ if is_handing_over => return vec![hand_over::form(context)],
                None if is_expected => ("expected", &[("allRight", Event::Solved), ("no", Event::NotSolved)]),
                None => ("fixed", &[("yes", Event::Solved), ("no", Event::NotSolved)]),
                Some(Outcome::Solved) => ("solved", &[]),
                Some(Outcome::HandedOver) => ("handedOver", &[]),
                Some(Outcome::NotSolved) => ("notSolved", &[]),
            };
            let button = |key: &str, event: Event| press(context, "button", &context.say(key), event, ".outcome");
            let mut els = vec![el("p", "").text(&context.say(say))];
            els.extend(buttons.iter().map(|(key, event)| button(key, event.clone())));
            if outcome == Some(Outcome::NotSolved) {
                if let Some(doc) = state.next_likely(&context.index()) {
                    els.push(el("p", "").text(&context.say("tryNext")));
                    els.push(results::offer(context, doc));
                }
                els.push(hand_over::opener(context, contact));
            }
            if outcome.is_some() {
                els.push(button("undo", Event::OutcomeUndone));
            }
            els
        })
}

/// What is waited for in other entries, and where nothing is open and nothing
/// asked, what was begun and not finished.
pub fn unfinished(context: Context) -> El {
    fn works(state: &State) -> impl Iterator<Item = &Work> {
        let is_at_start = state.open.is_none() && state.query.is_empty();
        let others = state.works.iter().filter(|it| Some(it.doc) != state.open);
        others.filter(move |it| it.waits_for().is_some() || is_at_start && it.is_unfinished())
    }
    // The numbers of the entries, and which are waited for, mixed into one.
    let shown = context.key(|it| {
        works(it).fold(0, |sum: u64, it| {
            let timer = it.timer.map_or(0, |it| 1 + u64::from(it.is_over));
            sum.wrapping_mul(0x0100_0193) ^ (u64::from(it.doc) << 2 | timer).wrapping_add(1)
        })
    });
    el("div", "offers").bind_children(move || {
        shown.get();
        let state = context.peek();
        let mut els: Vec<El> = works(&state)
            .map(|work| {
                let offer = results::offer(context, work.doc);
                let clock = el("span", "label").attr("role", "timer");
                match work.timer {
                    None => offer,
                    Some(it) if it.is_over => offer.child(clock.text(&context.say("waitOver"))),
                    Some(it) => offer.child(clock.bind_text(move || countdown(context, it))),
                }
            })
            .collect();
        if !els.is_empty() {
            els.insert(0, el("p", "").text(&context.say("goOn")));
        }
        els
    })
}
