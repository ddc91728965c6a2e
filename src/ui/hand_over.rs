//! The hand-over: a summary that the person reads, changes and sends
//! themselves, or leaves to the host page.

use js_sys::{Date, Function, Reflect, encode_uri_component};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;

use super::dom::{El, el, listen};
use super::{Context, Request, now, press};
use crate::index::text;
use crate::session::{self, Event, Time};

/// A button that opens the form.
pub fn opener(context: Context, contact: Option<usize>) -> El {
    let label = match contact {
        Some(it) => context.say_with("handOver", "to", &context.contact(it).label),
        None => context.say("handOverToNobody"),
    };
    press(context, "button", &label, Event::HandOverOpened { step: None }, "textarea")
}

/// The form: the summary, and the ways to send it.
pub fn form(context: Context) -> El {
    let known = context.peek().hand_over.clone().unwrap_or_default();
    let contact = known.contact.map(|it| context.contact(it)).unwrap_or_default();
    let field = el("textarea", "").attr("id", "summary").attr("rows", "9");
    let area: HtmlTextAreaElement = field.as_element();
    area.set_value(&known.text.unwrap_or_else(|| summary(context)));
    let edited = area.clone();
    listen(&area, "input", move |_| context.dispatch(Event::HandOverEdited(edited.value())));
    let mut ways = el("div", "buttons");
    if !contact.href.is_empty() && text::is_safe_href(&contact.href) {
        let is_mail = contact.href.starts_with("mailto:");
        let label = if is_mail { context.say("mail") } else { context.say_with("open", "to", &contact.label) };
        let link = el("a", "button primary").attr("href", &contact.href).text(&label);
        ways = ways.child(send(context, link, &contact.href, area.clone()));
    }
    let copy = el("button", "button").attr("type", "button").text(&context.say("copy"));
    let ways = ways.child(send(context, copy, "", area)).child(press(
        context,
        "button",
        &context.say("cancel"),
        Event::HandOverClosed,
        ".outcome, .advice",
    ));
    let whom = el("p", "")
        .lang(&context.lang(None))
        .child(el("strong", "").text(&contact.label))
        .text(" ")
        .text(&contact.text);
    let label = el("label", "").attr("for", "summary").text(&context.say("summary"));
    el("div", "escalation").part("escalation").children([whom, label, field, ways])
}

/// Makes an element send the summary, unless the host page takes it: a mail has
/// it in it, any other address gets it by the clipboard.
fn send(context: Context, way: El, href: &str, area: HtmlTextAreaElement) -> El {
    let (element, href) = (way.clone(), String::from(href));
    way.on("click", move |event| {
        let text = area.value();
        let is_about_an_entry = context.peek().open.is_some();
        if !context.go(event, Event::HandedOver { text: text.clone() }, ".outcome, .advice") {
            event.prevent_default();
            if !is_about_an_entry {
                // No outcome stands there to say so.
                context.note("handedOver");
            }
        } else if href.starts_with("mailto:") {
            let subject: String = encode_uri_component(text.lines().next().unwrap_or_default()).into();
            let body: String = encode_uri_component(&text).into();
            let sign = if href.bytes().any(|it| it == b'?') { "&" } else { "?" };
            let href = [&href, sign, "subject=", &subject, "&body=", &body].concat();
            element.clone().attr("href", &href);
        } else {
            context.ask(Request::Copy, &text);
        }
    })
}

/// What happened, in words.
fn summary(context: Context) -> String {
    let (index, now) = (context.index(), now());
    let summary = session::summary(&index, &context.peek(), now);
    let clock = |time: Time| -> String {
        let date = Date::new(&JsValue::from_f64(f64::from(time) * 1000.0));
        // Whatever tag the index has: browsers throw at one that is none.
        let function = Reflect::get(&date, &"toLocaleString".into());
        let local = function.and_then(|it| it.unchecked_into::<Function>().call1(&date, &index.lang().into()));
        let local = local.ok().and_then(|it| it.as_string());
        local.unwrap_or_else(|| date.to_locale_string("en", &JsValue::UNDEFINED).into())
    };
    let mut lines: Vec<String> = Vec::new();
    for it in &summary.tried {
        lines.push([it.symptom.as_str(), " (", &it.area, ")"].concat());
        lines.extend(it.done.iter().map(|(step, at)| ["- ", &clock(*at), " ", step].concat()));
        if it.done.is_empty() {
            lines.push(["- ", &context.say("nothingDone")].concat());
        }
        lines.push(context.say_count("took", (it.seconds as usize).div_ceil(60).max(1)));
    }
    if !summary.query.is_empty() {
        lines.push(context.say_with("searched", "query", &summary.query));
    }
    // The path alone: what else the address holds is nobody's business.
    let page = leptos::prelude::window().location().pathname().unwrap_or_default();
    lines.push(context.say_with("page", "page", &page));
    lines.push(context.say_with("language", "lang", index.lang()));
    lines.extend(context.inner().host.borrow().lines().map(String::from));
    lines.join("\n")
}
