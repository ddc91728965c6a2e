//! The areas, as buttons with the number of answers in each.

use leptos::prelude::{ArcMemo, Get, With};

use super::dom::{El, el};
use super::{Context, Derived};
use crate::session::Event;

/// One button an area and one for all of them. Nothing where there is but one
/// area to choose from.
pub fn areas(context: &Context, derived: &Derived) -> El {
    let (it, counts) = (context.clone(), derived.counts.clone());
    let state = context.state().clone();
    let offered = ArcMemo::new(move |_| state.with(|it| it.areas.clone()));
    let group =
        el("div", "areas").part("areas").attr("role", "group").attr("aria-label", &context.messages().get("areas"));
    let one = offered.clone();
    let n_areas = context.index().areas().len();
    group.bind_shown(move || one.with(|it| it.len() != 1) && n_areas != 1).bind_children(move || {
        let offered = offered.get();
        let shown = (0..n_areas).filter(|area| offered.is_empty() || offered.contains(area)).map(Some);
        [None].into_iter().chain(shown).map(|area| button(&it, &counts, area)).collect()
    })
}

fn button(context: &Context, counts: &ArcMemo<Vec<usize>>, area: Option<usize>) -> El {
    let title = match area {
        Some(area) => context.index().areas()[area].title.clone(),
        None => context.messages().get("allAreas"),
    };
    let (state, counts) = (context.state().clone(), counts.clone());
    let count = move || counts.with(|it| area.map_or_else(|| it.iter().sum(), |area| it[area]));
    let is_empty = count.clone();
    let choose = context.clone();
    el("button", "area")
        .part("area")
        .attr("type", "button")
        .bind_attr("aria-pressed", move || Some(state.with(|it| it.area == area).to_string()))
        .bind_attr("data-empty", move || (is_empty() == 0).then(String::new))
        .on("click", move |_| choose.dispatch(Event::AreaChosen(area)))
        .child(el("span", "").text(&title))
        .text(" ")
        .child(el("span", "count").bind_text(move || count().to_string()))
}
