//! The answers: one row an entry, with what it looks like, why, and what to do.

use std::rc::Rc;

use leptos::prelude::Get;
use web_sys::Element;

use super::dom::{El, el, find, focus, focus_soon, target};
use super::{Context, entry, heading, press, pressed};
use crate::index::text;
use crate::search::Highlighter;
use crate::session::Event;

/// The number of answers, in sight.
pub fn status(context: Context) -> El {
    el("p", "status").part("status").bind_text(move || {
        let results = context.results();
        count_text(context, results.found.hits.len(), &results.query)
    })
}

/// "3 answers", or that there is none.
pub fn count_text(context: Context, count: usize, query: &str) -> String {
    if count == 0 { context.say_with("noMatch", "query", query.trim()) } else { context.say_count("answers", count) }
}

/// A clearly better answer in another area.
pub fn elsewhere(context: Context) -> El {
    el("div", "offers").bind_children(move || match context.results().found.elsewhere {
        Some(hit) => vec![el("p", "").text(&context.say("better")), offer(context, hit.doc)],
        None => Vec::new(),
    })
}

/// An entry that is offered beside the results.
pub fn offer(context: Context, doc: u32) -> El {
    let index = context.index();
    let area = &index.areas()[index.area_of(doc)].title;
    press(context, "offer", "", Event::OfferTaken { doc }, ".toggle[aria-expanded='true']")
        .child(el("span", "label").text(area))
        .child(el("span", "text").rich(&index.summary(doc).symptom, &[]))
}

/// The rows that are shown, and a button for more.
pub fn results(context: Context) -> El {
    let limit = context.key(|it| it.limit() as u64);
    let list =
        el("ol", "results").part("results").attr("role", "list").on("keydown", move_focus).bind_children(move || {
            let (results, limit) = (context.results(), limit.get() as usize);
            let highlighter = Rc::new(Highlighter::new(&context.index(), &results.found));
            results.found.hits.iter().take(limit).map(|hit| row(context, hit.doc, &highlighter)).collect()
        });
    let hidden = move || context.results().found.hits.len().saturating_sub(context.state().limit());
    el("div", "").child(list).child(
        el("button", "button more")
            .attr("type", "button")
            .bind_shown(move || hidden() > 0)
            .on("click", move |event| {
                // Reading goes on at the first that was not shown before.
                if let Some(button) = target(event) {
                    focus_soon(&button, ".toggle", context.peek().limit() as u32);
                }
                context.dispatch(Event::MoreWanted);
            })
            .bind_text(move || context.say_with("more", "n", &hidden().to_string())),
    )
}

fn row(context: Context, doc: u32, highlighter: &Rc<Highlighter>) -> El {
    let summary = context.index().summary(doc);
    let rich = |el: El, rich: &str| el.rich(rich, &context.marks(rich, highlighter));
    let is_open = move || context.state().open == Some(doc);
    let body_id = format!("entry-{doc}");
    let button = el("button", "toggle")
        .part("symptom")
        .attr("type", "button")
        .attr("aria-controls", &body_id)
        .attr("data-doc", &doc.to_string())
        .bind_attr("aria-expanded", move || Some(is_open().to_string()))
        .on("click", move |_| context.dispatch(Event::EntryToggled { doc }))
        .child(rich(el("span", ""), &summary.symptom));
    let cause = el("p", "cause").part("cause").child(el("span", "label").text(&context.say("cause")));
    let cause = cause.children(summary.causes.iter().map(|it| rich(el("span", "text"), it)));
    let (open, again) = (context.key(move |it| u64::from(it.open == Some(doc))), highlighter.clone());
    let body = move || if open.get() > 0 { vec![entry::entry(context, doc, &again)] } else { Vec::new() };
    el("li", "result")
        .part("result")
        .bind_flag("data-open", is_open)
        .child(heading(context, "symptom").child(button))
        .children((!summary.causes.is_empty()).then_some(cause))
        .children(preview(context, doc, highlighter))
        .child(el("div", "").attr("id", &body_id).bind_children(body))
}

/// What to do, in short: the steps in a line, or how long the guide is. Nothing
/// where the steps are not at hand.
fn preview(context: Context, doc: u32, highlighter: &Highlighter) -> Option<El> {
    let resolution = context.index().resolution(doc)?;
    let line = el("p", "preview").child(el("span", "label").text(&context.say("whatToDo")));
    if resolution.guide {
        let n = resolution.steps.len().to_string();
        return Some(line.child(el("span", "text").text(&context.say_with("guide", "n", &n))));
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
    let next = match pressed(event).as_str() {
        "ArrowDown" => row.next_element_sibling().and_then(toggle_of),
        "ArrowUp" => row.previous_element_sibling().map_or_else(|| find(&row, "input", 0), toggle_of),
        _ => return,
    };
    if let Some(next) = next {
        event.prevent_default();
        focus(&next);
    }
}
