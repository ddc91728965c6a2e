//! The answers: one row an entry, with what it looks like, why, and what to do.

use std::rc::Rc;

use leptos::prelude::{ArcMemo, Get, With, WithUntracked};
use web_sys::Element;

use super::dom::{El, el, find, focus, focus_soon, target};
use super::messages::Messages;
use super::{Context, Derived, entry, key};
use crate::index::text;
use crate::search::{Highlighter, Hit};
use crate::session::{Event, State};

/// The number of answers, in sight.
pub fn status(context: &Context, derived: &Derived) -> El {
    let (messages, found, state) = (context.messages().clone(), derived.found.clone(), context.state().clone());
    let text = move || {
        let query = state.with(|it| it.query.clone());
        count_text(&messages, found.with(|it| it.hits.len()), &query)
    };
    el("p", "status").part("status").bind_text(text)
}

/// "3 answers", or that there is none.
pub fn count_text(messages: &Messages, count: usize, query: &str) -> String {
    if count == 0 { messages.with("noMatch", "query", query.trim()) } else { messages.count("answers", count) }
}

/// A clearly better answer in another area.
pub fn elsewhere(context: &Context, derived: &Derived) -> El {
    let (context, found) = (context.clone(), derived.found.clone());
    el("div", "offers").bind_children(move || match found.with(|it| it.elsewhere) {
        Some(hit) => vec![el("p", "").text(&context.messages().get("better")), offer(&context, hit)],
        None => Vec::new(),
    })
}

/// An entry that is offered beside the results.
pub fn offer(context: &Context, hit: Hit) -> El {
    let (index, doc, taker) = (context.index(), hit.doc, context.clone());
    let area = &index.areas()[index.area_of(doc)].title;
    el("button", "offer")
        .attr("type", "button")
        .on("click", move |event| {
            if let Some(button) = target(event) {
                focus_soon(&button, ".toggle[aria-expanded='true']", 0);
            }
            taker.dispatch(Event::OfferTaken { doc });
        })
        .child(el("span", "label").text(area))
        .child(el("span", "text").rich(&index.summary(doc).symptom, &[]))
}

/// The rows that are shown, and a button for more.
pub fn results(context: &Context, derived: &Derived) -> El {
    let list = {
        let (context, derived) = (context.clone(), derived.clone());
        let state = context.state().clone();
        let limit = ArcMemo::new(move |_| state.with(State::limit));
        el("ol", "results").part("results").attr("role", "list").on("keydown", move_focus).bind_children(move || {
            let (found, limit) = (derived.found.get(), limit.get());
            let highlighter = Rc::new(Highlighter::new(context.index(), &found));
            found.hits.iter().take(limit).map(|hit| row(&context, &derived, hit.doc, &highlighter)).collect()
        })
    };
    let (found, state) = (derived.found.clone(), context.state().clone());
    let hidden = move || found.with(|it| it.hits.len()).saturating_sub(state.with(State::limit));
    let shown_before = context.state().clone();
    let limit = move || shown_before.with_untracked(State::limit);
    let (shown, messages, more) = (hidden.clone(), context.messages().clone(), context.clone());
    el("div", "").child(list).child(
        el("button", "more")
            .attr("type", "button")
            .bind_shown(move || shown() > 0)
            .on("click", move |event| {
                // Reading goes on at the first that was not shown before.
                if let Some(button) = target(event) {
                    focus_soon(&button, ".toggle", limit() as u32);
                }
                more.dispatch(Event::MoreWanted);
            })
            .bind_text(move || messages.with("more", "n", &hidden().to_string())),
    )
}

fn row(context: &Context, derived: &Derived, doc: u32, highlighter: &Rc<Highlighter>) -> El {
    let summary = context.index().summary(doc);
    let marks = |rich: &str| context.marks(rich, highlighter);
    let open = derived.open.clone();
    let is_open = move || open.get() == Some(doc);
    let (expanded, shown, toggle) = (is_open.clone(), is_open.clone(), context.clone());
    let body_id = format!("entry-{doc}");
    let button = el("button", "toggle")
        .part("symptom")
        .attr("type", "button")
        .attr("aria-controls", &body_id)
        .attr("data-doc", &doc.to_string())
        .bind_attr("aria-expanded", move || Some(expanded().to_string()))
        .on("click", move |_| toggle.dispatch(Event::EntryToggled { doc }))
        .child(el("span", "").rich(&summary.symptom, &marks(&summary.symptom)));
    let messages = context.messages();
    let mut cause = el("p", "cause").part("cause").child(el("span", "label").text(&messages.get("cause")));
    for it in &summary.causes {
        cause = cause.child(el("span", "text").rich(it, &marks(it)));
    }
    let (body, again) = (context.clone(), highlighter.clone());
    el("li", "result")
        .part("result")
        .bind_attr("data-open", move || is_open().then(String::new))
        .child(el(&format!("h{}", context.0.heading_level), "symptom").child(button))
        .children((!summary.causes.is_empty()).then_some(cause))
        .children(preview(context, doc, highlighter))
        .child(
            el("div", "")
                .attr("id", &body_id)
                .bind_children(move || if shown() { vec![entry::entry(&body, doc, &again)] } else { Vec::new() }),
        )
}

/// What to do, in short: the steps in a line, or how long the guide is. Nothing
/// where the steps are not at hand.
fn preview(context: &Context, doc: u32, highlighter: &Highlighter) -> Option<El> {
    let resolution = context.index().resolution(doc)?;
    let messages = context.messages();
    let line = el("p", "preview").child(el("span", "label").text(&messages.get("whatToDo")));
    if resolution.guide {
        let n = resolution.steps.len().to_string();
        return Some(line.child(el("span", "text").text(&messages.with("guide", "n", &n))));
    }
    let steps: Vec<String> = resolution.steps.iter().map(|it| text::plain(&it.text)).collect();
    let steps = steps.join(" ");
    Some(line.child(el("span", "text").rich(&steps, &context.marks(&steps, highlighter))))
}

/// Up and down move between the answers; up from the first leads back to the field.
fn move_focus(event: &web_sys::Event) {
    let Some(toggle) = target(event).filter(|it| it.class_list().contains("toggle")) else { return };
    let Ok(Some(row)) = toggle.closest(".result") else { return };
    let toggle_of = |row: Element| row.query_selector(".toggle").ok().flatten();
    let next = match key(event).as_str() {
        "ArrowDown" => row.next_element_sibling().and_then(toggle_of),
        "ArrowUp" => row.previous_element_sibling().map_or_else(|| find(&row, "input", 0), toggle_of),
        _ => return,
    };
    if let Some(next) = next {
        event.prevent_default();
        focus(&next);
    }
}
