//! The way on: what to try when nothing matches, and where else to look.

use leptos::prelude::With;

use super::dom::{El, el, focus_soon, target};
use super::{Context, Derived, results};
use crate::index::text;
use crate::session::Event;

/// The onward links, always; advice and ways back where nothing matches.
pub fn way_on(context: &Context, derived: &Derived) -> El {
    let index = context.index();
    let (heading, lead) = index.way_on();
    let found = derived.found.clone();
    let nothing = move || found.with(|it| it.hits.is_empty());
    let links = index.links().iter().filter(|it| text::is_safe_href(&it.href)).map(|it| {
        let link = el("a", "").attr("href", &it.href).text(&it.label);
        el("li", "").child(link).text(" ").child(el("span", "").text(&it.text))
    });
    el("div", "way-on")
        .part("fallback")
        .child(advice(context, derived, nothing))
        .child(el(&format!("h{}", context.0.heading_level), "").text(heading))
        .child(el("p", "").text(lead))
        .child(el("ul", "").children(links))
}

fn advice(context: &Context, derived: &Derived, nothing: impl Fn() -> bool + 'static) -> El {
    let messages = context.messages();
    let (counts, clear) = (derived.counts.clone(), context.clone());
    let elsewhere = move || counts.with(|it| it.iter().sum::<usize>());
    let (has, all, words) = (elsewhere.clone(), context.clone(), messages.clone());
    let (offers, perhaps, offered) = (derived.found.clone(), derived.found.clone(), context.clone());
    let near =
        el("div", "")
            .bind_shown(move || perhaps.with(|it| !it.near.is_empty()))
            .child(el("p", "").text(&messages.get("near")))
            .child(el("div", "offers").bind_children(move || {
                offers.with(|it| it.near.iter().map(|it| results::offer(&offered, *it)).collect())
            }));
    el("div", "advice")
        .bind_shown(nothing)
        .child(near)
        .child(el("p", "").text(&messages.get("noMatchHint")))
        .child(
            el("button", "")
                .attr("type", "button")
                .bind_shown(move || has() > 0)
                .on("click", move |event| leave(&all, event, ".toggle", Event::AreaChosen(None)))
                .bind_text(move || words.count("elsewhere", elsewhere())),
        )
        .child(
            el("button", "")
                .attr("type", "button")
                .on("click", move |event| leave(&clear, event, "input", Event::Typed(String::new())))
                .text(&messages.get("showAll")),
        )
}

/// Does what a button of the advice says; the advice goes with it, so the focus
/// moves on.
fn leave(context: &Context, event: &web_sys::Event, to: &'static str, what: Event) {
    if let Some(button) = target(event) {
        focus_soon(&button, to, 0);
    }
    context.dispatch(what);
}
