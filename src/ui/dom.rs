//! Elements and what keeps them up to date: a small, non-generic view type.
//!
//! Leptos' own views make a type of every element with its attributes and
//! children, and machine code of every such type; here all elements are of one
//! type. The reactive graph, the owners and the mounting are Leptos'. In the
//! skeleton of this widget that was 28.0 kB of WASM instead of 44.8 kB
//! (brotli); and as nothing here knows `innerHTML`, Trusted Types have nothing
//! to refuse.

use std::time::Duration;

use gloo::events::{EventListener, EventListenerOptions};
use leptos::attr::{Attribute, any_attribute::AnyAttribute};
use leptos::prelude::{AddAnyAttr, Mountable, Render, RenderEffect, RenderHtml, on_cleanup, set_timeout};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, Event, HtmlElement, Node, ShadowRoot};

use crate::index::text::{self, Piece, Style};

/// An element under construction, or built.
#[derive(Clone)]
pub struct El(Element);

/// A new element, with a class where it is given one.
pub fn el(tag: &str, class: &str) -> El {
    // Only a name that is not one can fail here, and all names are ours.
    let el = El(document().create_element(tag).expect_throw("the name of an element"));
    if class.is_empty() { el } else { el.attr("class", class) }
}

/// The page's document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// Keeps something alive as long as the reactive owner it was made under.
pub fn keep<T: 'static>(it: T) {
    let it = SendWrapper::new(it);
    on_cleanup(move || drop(it));
}

/// Runs now, and again whenever a signal that was read changes.
pub fn effect(run: impl Fn() + 'static) {
    fn boxed(run: Box<dyn Fn()>) {
        keep(RenderEffect::new(move |_: Option<()>| run()));
    }
    boxed(Box::new(run));
}

impl El {
    /// Sets an attribute.
    pub fn attr(self, name: &str, value: &str) -> Self {
        // Only a name that is not one can fail here, and all names are ours.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Says which language its text is in, where that is not the one around it.
    pub fn lang(self, lang: &str) -> Self {
        if lang.is_empty() { self } else { self.attr("lang", lang) }
    }

    /// Makes the element a part that hosts can style.
    pub fn part(self, name: &str) -> Self {
        self.attr("part", name)
    }

    /// Keeps an attribute up to date; `None` takes it away.
    pub fn bind_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        fn boxed(element: Element, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
            effect(move || {
                let value = value();
                if element.get_attribute(name) != value {
                    let _ = match value {
                        Some(value) => element.set_attribute(name, &value),
                        None => element.remove_attribute(name),
                    };
                }
            });
        }
        boxed(self.0.clone(), name, Box::new(value));
        self
    }

    /// Has an attribute without a value only while a condition holds.
    pub fn bind_flag(self, name: &'static str, is_set: impl Fn() -> bool + 'static) -> Self {
        fn boxed(el: El, name: &'static str, is_set: Box<dyn Fn() -> bool>) -> El {
            el.bind_attr(name, move || is_set().then(String::new))
        }
        boxed(self, name, Box::new(is_set))
    }

    /// Shows the element only while a condition holds.
    pub fn bind_shown(self, shown: impl Fn() -> bool + 'static) -> Self {
        self.bind_flag("hidden", move || !shown())
    }

    /// The element as what its name makes of it.
    pub fn as_element<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }

    /// Adds text.
    pub fn text(self, text: &str) -> Self {
        let _ = self.0.append_with_str_1(text);
        self
    }

    /// Keeps the text up to date.
    pub fn bind_text(self, text: impl Fn() -> String + 'static) -> Self {
        fn boxed(element: Element, text: Box<dyn Fn() -> String>) {
            effect(move || {
                let text = text();
                // Setting the same again would have it read out again.
                if element.text_content().as_ref() != Some(&text) {
                    element.set_text_content(Some(&text));
                }
            });
        }
        boxed(self.0.clone(), Box::new(text));
        self
    }

    /// Has this text and nothing else.
    pub fn set_text(&self, text: &str) {
        self.0.set_text_content(Some(text));
    }

    /// Adds an element.
    pub fn child(self, child: El) -> Self {
        let _ = self.0.append_child(&child.0);
        self
    }

    /// Adds elements.
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Keeps all content up to date. What the last content owned (effects,
    /// listeners) is released before the next is made. Focus that was in the
    /// last content goes to the first thing in the next that can have it.
    pub fn bind_children(self, children: impl Fn() -> Vec<El> + 'static) -> Self {
        fn boxed(el: El, children: Box<dyn Fn() -> Vec<El>>) {
            effect(move || {
                let children = children();
                // Nothing before and nothing now.
                if children.is_empty() && !el.0.has_child_nodes() {
                    return;
                }
                el.keep_focus(&|| {
                    el.0.set_text_content(None);
                    el.arrange(&mut children.iter());
                });
            });
        }
        boxed(self.clone(), Box::new(children));
        self
    }

    /// Puts elements in, one after the other; one that stands in its place
    /// already is not touched.
    pub fn arrange(&self, children: &mut dyn Iterator<Item = &El>) {
        let mut next = self.0.first_child();
        for it in children {
            if next.as_ref() == Some(&it.0) {
                next = it.0.next_sibling();
            } else {
                let _ = self.0.insert_before(&it.0, next.as_ref());
            }
        }
    }

    /// Changes what is inside. Focus that goes with it comes to the first thing
    /// inside that can have it; whether there was none.
    pub fn keep_focus(&self, change: &dyn Fn()) -> bool {
        let has_focus = || {
            let root = self.0.get_root_node().dyn_into::<ShadowRoot>().ok();
            root.and_then(|it| it.active_element()).is_some_and(|it| self.0.contains(Some(&it)))
        };
        let was_inside = has_focus();
        change();
        if was_inside
            && !has_focus()
            && let Ok(Some(first)) = self.0.query_selector("button, input, textarea")
        {
            focus(&first);
        }
        was_inside && !has_focus()
    }

    /// Takes it out of the page.
    pub fn remove(&self) {
        self.0.remove();
    }

    /// Has an attribute without a value, or not.
    pub fn flag(&self, name: &str, is_set: bool) {
        let _ = self.0.toggle_attribute_with_force(name, is_set);
    }

    /// Listens as long as the reactive owner lives.
    pub fn on(self, event: &'static str, handle: impl Fn(&Event) + 'static) -> Self {
        listen(&self.0, event, handle);
        self
    }

    /// Adds rich text, with the words that a search matched marked.
    /// `marks` are ranges of the plain text.
    pub fn rich(self, rich: &str, marks: &[std::ops::Range<usize>]) -> Self {
        let mut open = vec![self];
        let (mut at, mut deeper) = (0, 0);
        for piece in text::pieces(rich) {
            match piece {
                Piece::Text(text) => {
                    if let Some(last) = open.pop() {
                        open.push(last.marked(text, at, marks));
                    }
                    at += text.len();
                }
                Piece::Open(style, href) if open.len() <= text::MAX_OPEN => open.push(styled(style, href)),
                Piece::Open(..) => deeper += 1,
                Piece::Close if deeper > 0 => deeper -= 1,
                // The outermost element is ours and never closed by the text.
                Piece::Close => {
                    if open.len() > 1
                        && let (Some(child), Some(parent)) = (open.pop(), open.pop())
                    {
                        open.push(parent.child(child));
                    }
                }
            }
        }
        let children = open.split_off(1);
        let inner = children.into_iter().rev().reduce(|child, parent| parent.child(child));
        let outer = open.pop().expect_throw("the element itself");
        match inner {
            Some(inner) => outer.child(inner),
            None => outer,
        }
    }

    /// Adds text that stands at `at` in the plain text, with its marks.
    fn marked(self, text: &str, at: usize, marks: &[std::ops::Range<usize>]) -> Self {
        let part = |range| text.get(range).unwrap_or_default();
        let mut done = 0;
        let mut el = self;
        for mark in marks {
            let start = mark.start.saturating_sub(at).clamp(done, text.len());
            let end = mark.end.saturating_sub(at).clamp(done, text.len());
            if start < end {
                el = el.text(part(done..start)).child(self::el("mark", "").text(part(start..end)));
                done = end;
            }
        }
        if done < text.len() { el.text(part(done..text.len())) } else { el }
    }
}

/// Listens as long as the reactive owner lives.
pub fn listen(target: &Element, event: &'static str, handle: impl Fn(&Event) + 'static) {
    fn boxed(target: &Element, event: &'static str, handle: Box<dyn Fn(&Event)>) {
        // The default would be passive, and keys that we handle must not scroll as well.
        let options = EventListenerOptions::enable_prevent_default();
        keep(EventListener::new_with_options(target, event, options, move |it| handle(it)));
    }
    boxed(target, event, Box::new(handle));
}

/// Moves the focus.
pub fn focus(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// The nth element that a selector finds in the shadow root of a node.
pub fn find(within: &Node, selector: &str, nth: u32) -> Option<Element> {
    let all = within.get_root_node().dyn_into::<ShadowRoot>().ok()?.query_selector_all(selector).ok()?;
    all.get(nth)?.dyn_into().ok()
}

/// Moves the focus once the page has been brought up to date: what had it may
/// be about to disappear, and what gets it about to be made. Where that is not,
/// as what was typed last left nothing of it, there is the field.
pub fn focus_soon(within: &Node, selector: &'static str, nth: u32) {
    let root = within.get_root_node();
    let focus_now = move || {
        if let Some(it) = find(&root, selector, nth).or_else(|| find(&root, "input", 0)) {
            focus(&it);
        }
    };
    // It does nothing where the element is gone.
    soon(Box::new(focus_now));
}

/// Runs something once the page has been brought up to date. A timer of gloo's
/// that is forgotten stays in the module's memory for ever.
pub fn soon(run: Box<dyn FnOnce()>) {
    set_timeout(run, Duration::ZERO);
}

/// What an event happened to.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn styled(style: Style, href: &str) -> El {
    match style {
        Style::Strong => el("strong", ""),
        Style::Emphasis => el("em", ""),
        Style::Code => el("code", ""),
        Style::Key => el("kbd", ""),
        // Whoever made the index: nothing but the schemes we know is followed.
        Style::Link if text::is_safe_href(href) => el("a", "").attr("href", href),
        Style::Link => el("span", ""),
    }
}

// What follows lets an element stand where Leptos expects a view: it is built
// once and keeps itself up to date.

/// An element as a view. Leptos wants views to be `Send`; the page has one thread.
pub struct View(SendWrapper<Element>);

impl From<El> for View {
    fn from(it: El) -> Self {
        Self(SendWrapper::new(it.0))
    }
}

/// A built element in the care of Leptos.
pub struct Mounted(Element);

impl Mountable for Mounted {
    fn unmount(&mut self) {
        self.0.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        let _ = parent.insert_before(&self.0, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.0.parent_element() else { return false };
        child.mount(&parent, Some(&self.0));
        true
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.0.clone()]
    }
}

impl Render for View {
    type State = Mounted;

    fn build(self) -> Mounted {
        Mounted(self.0.take())
    }

    fn rebuild(self, state: &mut Mounted) {
        let element = self.0.take();
        let _ = state.0.replace_with_with_node_1(&element);
        state.0 = element;
    }
}

impl AddAnyAttr for View {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}

impl RenderHtml for View {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Mounted {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
