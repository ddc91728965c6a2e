//! The areas, as buttons with the number of answers in each.

use leptos::prelude::Get;

use super::Context;
use super::dom::{El, el};
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
            [None].into_iter().chain(shown).map(|area| button(context, area)).collect()
        })
}

fn button(context: Context, area: Option<usize>) -> El {
    let index = context.index();
    let (id, title) = match area {
        Some(area) => (index.areas()[area].id.clone(), index.areas()[area].title.clone()),
        None => (String::new(), context.say("allAreas")),
    };
    let count = move || {
        let results = context.results();
        area.map_or_else(|| results.counts.iter().sum::<usize>(), |area| results.counts[area])
    };
    el("button", "area")
        .part("area")
        .attr("type", "button")
        .attr("value", &id)
        .bind_attr("aria-pressed", move || Some((context.state().area == area).to_string()))
        .bind_flag("data-empty", move || count() == 0)
        .on("click", move |_| context.dispatch(Event::AreaChosen(area)))
        .child(el("span", "").text(&title))
        .text(" ")
        .child(el("span", "count").bind_text(move || count().to_string()))
}
