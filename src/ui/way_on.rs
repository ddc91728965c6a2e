//! The way on: what to try when nothing matches, and where else to look.

use leptos::prelude::Get;

use super::dom::{El, el};
use super::{Context, hand_over, heading, press, results};
use crate::index::text;
use crate::session::{Event, default_contact};

/// The onward links, always; advice and ways back where nothing matches.
pub fn way_on(context: Context) -> El {
    let index = context.index();
    let (title, lead) = index.way_on();
    let lang = context.lang(None);
    let links = index.links().iter().filter(|it| text::is_safe_href(&it.href)).map(|it| {
        let link = el("a", "").attr("href", &it.href).text(&it.label);
        el("li", "").lang(&lang).child(link).text(" ").child(el("span", "").text(&it.text))
    });
    el("div", "way-on")
        .part("fallback")
        .child(advice(context))
        .child(heading(context, "").lang(&lang).text(title))
        .child(el("p", "").lang(&lang).text(lead))
        .child(el("ul", "").children(links))
}

fn advice(context: Context) -> El {
    let elsewhere = move || context.results().counts.iter().sum::<usize>();
    let near = el("div", "")
        .bind_shown(move || !context.results().found.near.is_empty())
        .child(el("p", "").text(&context.say("near")))
        .child(el("div", "offers").bind_children(move || {
            context.results().found.near.iter().map(|it| results::offer(context, it.doc)).collect()
        }));
    let all = press(context, "button", "", Event::AreaChosen(None), ".toggle");
    el("div", "advice")
        .attr("tabindex", "-1")
        .bind_shown(move || context.results().found.hits.is_empty())
        .child(near)
        .child(el("p", "").text(&context.say("noMatchHint")))
        .child(no_answer(context))
        .child(all.bind_shown(move || elsewhere() > 0).bind_text(move || match elsewhere() {
            // Out of sight then.
            0 => String::new(),
            n => context.say_count("elsewhere", n),
        }))
        .child(press(context, "button", &context.say("showAll"), Event::Typed(String::new()), "input"))
}

/// Whoever finds nothing can hand over what they asked.
fn no_answer(context: Context) -> El {
    let is_open = context.key(|it| u64::from(it.hand_over.is_some() && it.open.is_none()));
    let contact = default_contact(&context.index());
    el("div", "").bind_children(move || {
        vec![if is_open.get() > 0 { hand_over::form(context) } else { hand_over::opener(context, contact) }]
    })
}
