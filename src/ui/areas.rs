//! The areas, as buttons with the number of answers in each.

use std::cell::Cell;

use leptos::prelude::Get;

use super::Context;
use super::dom::{El, effect, el};
use crate::session::Event;

/// One button an area and one for all of them. Nothing where there is but one
/// area to choose from.
pub fn areas(context: Context) -> El {
    // Which areas exist, as bits: there are hardly more than a few.
    let offered = context.key(|state| state.areas.iter().fold(0, |set, it| set ^ 1u64.rotate_left(*it as u32)));
    let n_areas = context.index().areas().len();
    el("div", "areas")
        .part("areas")
        .attr("role", "group")
        .attr("aria-label", &context.say("areas"))
        .bind_shown(move || context.state().areas.len() != 1 && n_areas != 1)
        .bind_children(move || {
            offered.get();
            let state = context.peek();
            let shown = (0..n_areas).filter(|area| state.has_area(*area)).map(Some);
            let buttons: Vec<Button> = [None].into_iter().chain(shown).map(|area| button(context, area)).collect();
            let els = buttons.iter().map(|it| it.el.clone()).collect();
            effect(move || update(context, &buttons));
            els
        })
}

/// A button of an area, or of all.
struct Button {
    area: Option<usize>,
    el: El,
    count: El,
    /// Whether it is pressed, and what it counts, as last shown.
    shown: Cell<Option<(bool, usize)>>,
}

fn button(context: Context, area: Option<usize>) -> Button {
    let index = context.index();
    let (id, title, lang) = match area {
        Some(area) => (index.areas()[area].id.clone(), index.areas()[area].title.clone(), context.lang(None)),
        None => (String::new(), context.say("allAreas"), String::new()),
    };
    let count = el("span", "count");
    let el = el("button", "area")
        .part("area")
        .attr("type", "button")
        .attr("value", &id)
        .on("click", move |_| context.dispatch(Event::AreaChosen(area)))
        .child(el("span", "").lang(&lang).text(&title))
        .text(" ")
        .child(count.clone());
    Button { area, el, count, shown: Cell::default() }
}

/// One look at all of them with each key, which hardly ever changes more than a few.
fn update(context: Context, buttons: &[Button]) {
    let (state, results) = (context.state(), context.results());
    for it in buttons {
        let count = it.area.map_or_else(|| results.counts.iter().sum(), |area| results.counts[area]);
        let now = (state.area == it.area, count);
        if it.shown.replace(Some(now)) != Some(now) {
            it.el.clone().attr("aria-pressed", &now.0.to_string()).flag("data-empty", count == 0);
            it.count.set_text(&count.to_string());
        }
    }
}
