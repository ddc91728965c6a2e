//! `kb.toml` and `vocabulary.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::audience::Audience;
use super::codes::{self, CODES};
use super::diagnostic::{Diagnostic, nearest};
use super::fix;
use super::letters::{disguise, hidden, hidden_setting, look_alike};
use super::marks;
use super::source::{MAX_SOURCE_BYTES, Source, Sources};
use crate::index::text;

/// What `kb.toml` says, checked.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub source: Source,
    pub title: String,
    pub lang: String,
    /// Ids in display order; empty where the file names none, then areas stand as they are found.
    pub areas: Vec<(String, Range<usize>)>,
    pub contacts: Vec<ConfigContact>,
    pub links: Vec<ConfigLink>,
    /// Whom to reach where nothing else is said; an id of `contacts`.
    pub contact: Option<String>,
    pub way_on_heading: String,
    pub way_on_text: String,
    /// What stands where steps for a narrower circle are left out; `{contact}`
    /// is whom to reach.
    pub left_out: String,
    /// Ids of the entries that most people look for.
    pub popular: Vec<(String, Range<usize>)>,
    pub moved: Vec<(String, String)>,
    /// Where each of them stands.
    pub moved_at: Vec<Range<usize>>,
    pub allow: Vec<Allow>,
    /// The file is there and could not be read: nothing that it may name is unknown.
    pub is_unread: bool,
}

#[derive(Clone, Debug)]
pub struct ConfigContact {
    pub id: String,
    pub label: String,
    pub href: String,
    pub text: String,
    pub audience: Audience,
}

#[derive(Clone, Debug)]
pub struct ConfigLink {
    pub id: String,
    pub label: String,
    pub href: String,
    pub text: String,
    pub audience: Audience,
}

/// A finding that the authors looked at and accept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    pub code: Spanned<String>,
    /// Of the entry that it is about, or the path of the file where it is about none.
    pub id: Spanned<String>,
    /// So that whoever reads the file knows why.
    pub reason: Spanned<String>,
    /// Whether there was such a finding.
    #[serde(skip)]
    pub is_used: bool,
}

/// What `vocabulary.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    pub source: Source,
    pub synonyms: Vec<Vec<String>>,
    /// In the order of the entry ids, with the place of each alias for findings about it.
    pub aliases: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
}

/// Most phrases of a group of synonyms: each stands for each, so that a group of
/// thousands would be millions of relations. The largest of ours has a tenth.
pub(super) const MAX_SYNONYMS: usize = 200;

/// Most words of a phrase that is a synonym, and most characters, where a script
/// has no spaces between them. What an entry must have all of is a sentence then,
/// which nobody types for another; the index has room for no more.
const MAX_SYNONYM_WORDS: usize = 12;
const MAX_SYNONYM_CHARS: usize = 80;

/// Most pairs of synonyms that all groups make together: each is looked up for
/// each. Ours make a hundredth.
const MAX_PAIRS: usize = 1_000_000;

/// Most aliases of an entry: a search is made for each, over all of them. The
/// most that an entry of ours has is a tenth.
pub(super) const MAX_ALIASES: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawConfig {
    title: Option<String>,
    lang: Option<Spanned<String>>,
    #[serde(default)]
    areas: Vec<Spanned<String>>,
    contact: Option<Spanned<String>>,
    left_out: Option<String>,
    #[serde(default)]
    contacts: BTreeMap<String, RawContact>,
    #[serde(default)]
    links: Vec<RawLink>,
    no_match: Option<RawNoMatch>,
    #[serde(default)]
    popular: Vec<Spanned<String>>,
    #[serde(default)]
    moved: BTreeMap<Spanned<String>, String>,
    #[serde(default)]
    allow: Vec<Allow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContact {
    label: String,
    href: Option<Spanned<String>>,
    #[serde(default)]
    text: String,
    audience: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLink {
    id: String,
    label: String,
    href: Spanned<String>,
    #[serde(default)]
    text: String,
    audience: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNoMatch {
    heading: String,
    text: String,
}

/// The `kb.toml` of a translation: words for what the original names.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawTranslation {
    title: Option<String>,
    left_out: Option<String>,
    #[serde(default)]
    contacts: BTreeMap<Spanned<String>, RawWords>,
    #[serde(default)]
    links: Vec<RawLinkWords>,
    no_match: Option<RawNoMatch>,
}

#[derive(Deserialize)]
struct RawLinkWords {
    id: Spanned<String>,
    #[serde(flatten)]
    words: RawWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    label: Option<String>,
    text: Option<String>,
    href: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVocabulary {
    #[serde(default)]
    synonyms: Vec<Spanned<Vec<String>>>,
    #[serde(default)]
    aliases: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
}

impl Config {
    /// Reads `kb.toml`. Without the file everything has its default.
    pub fn read(sources: &Sources, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let Some(source) = sources.text("kb.toml") else {
            return Self { lang: "en".into(), title: "Help".into(), ..Self::default() };
        };
        if source.text.trim().is_empty() && source.wrong_encoding().is_none() {
            let found =
                Diagnostic::warning("empty-config", &source, 0..0, "the file is empty, and everything has its default");
            diagnostics.push(found.hint("say at least what it is called: title = \"Help\""));
        }
        let Some(raw) = parse::<RawConfig>(&source, diagnostics) else {
            return Self { source, lang: "en".into(), title: "Help".into(), is_unread: true, ..Self::default() };
        };
        let mut audience = |name: Option<Spanned<String>>| match name {
            None => Audience::Customer,
            Some(name) => Audience::from_name(name.get_ref()).unwrap_or_else(|| {
                diagnostics.push(unknown_audience(&source, name.span(), name.get_ref()));
                Audience::Staff
            }),
        };
        let mut hrefs = Vec::new();
        let mut href = |href: Option<Spanned<String>>| {
            href.map(|it| {
                hrefs.push((it.get_ref().clone(), it.span()));
                it.into_inner()
            })
            .unwrap_or_default()
        };
        let contacts: Vec<_> = raw
            .contacts
            .into_iter()
            .map(|(id, it)| ConfigContact {
                id,
                label: it.label,
                href: href(it.href),
                text: it.text,
                audience: audience(it.audience),
            })
            .collect();
        let links: Vec<_> = raw
            .links
            .into_iter()
            .map(|it| ConfigLink {
                id: it.id,
                label: it.label,
                href: href(Some(it.href)),
                text: it.text,
                audience: audience(it.audience),
            })
            .collect();
        for (href, span) in hrefs {
            if !text::is_safe_href(&href) {
                diagnostics.push(unsafe_link(&source, span, &href));
            }
        }
        let contact = raw.contact.and_then(|it| {
            let known = contacts.iter().any(|contact| contact.id == *it.get_ref());
            if !known {
                diagnostics.push(unknown_contact(
                    &source,
                    it.span(),
                    it.get_ref(),
                    contacts.iter().map(|it| it.id.as_str()),
                ));
            }
            known.then(|| it.into_inner())
        });
        // Browsers throw when they are to tell the time in a language that is none.
        let lang = raw.lang.and_then(|it| {
            let is_tag = is_language_tag(it.get_ref());
            if !is_tag {
                let message = format!("expected a language tag, found \"{}\"", it.get_ref());
                let found = Diagnostic::error("config", &source, it.span(), message);
                diagnostics.push(found.hint("write \"en\", \"de-CH\" or the like"));
            }
            is_tag.then(|| it.into_inner())
        });
        raw.allow.iter().for_each(|it| it.check(&source, diagnostics));
        let words = contacts.iter().flat_map(|it| [&it.label, &it.text]);
        let words = words.chain(links.iter().flat_map(|it: &ConfigLink| [&it.label, &it.text]));
        let words = words.chain(raw.no_match.iter().flat_map(|it| [&it.heading, &it.text]));
        check_marks(&source, words.chain(&raw.title).chain(&raw.left_out), diagnostics);
        let (way_on_heading, way_on_text) = raw.no_match.map(|it| (it.heading, it.text)).unwrap_or_default();
        Self {
            title: raw.title.unwrap_or_else(|| "Help".into()),
            lang: lang.unwrap_or_else(|| "en".into()),
            areas: raw.areas.into_iter().map(|it| (it.get_ref().clone(), it.span())).collect(),
            contacts,
            links,
            contact,
            way_on_heading,
            way_on_text,
            left_out: raw.left_out.unwrap_or_else(|| "Ask {contact} to take it from here.".into()),
            popular: raw.popular.into_iter().map(|it| (it.get_ref().clone(), it.span())).collect(),
            moved_at: raw.moved.keys().map(Spanned::span).collect(),
            moved: raw.moved.into_iter().map(|(old, new)| (old.into_inner(), new)).collect(),
            allow: raw.allow,
            is_unread: false,
            source,
        }
    }
}

/// Whether a text has the form of a BCP 47 tag that browsers know: a language,
/// then perhaps a script, a region and variants, each once, then extensions.
pub fn is_language_tag(text: &str) -> bool {
    let is = |part: &str, lengths: &[usize], of: fn(&u8) -> bool| {
        lengths.contains(&part.len()) && part.bytes().all(|it| of(&it))
    };
    let mut parts = text.split('-').peekable();
    if !parts.next().is_some_and(|it| is(it, &[2, 3, 5, 6, 7, 8], u8::is_ascii_alphabetic)) {
        return false;
    }
    parts.next_if(|it| is(it, &[4], u8::is_ascii_alphabetic));
    parts.next_if(|it| is(it, &[2], u8::is_ascii_alphabetic) || is(it, &[3], u8::is_ascii_digit));
    let mut seen = BTreeSet::new();
    let is_variant = |it: &&str| {
        is(it, &[5, 6, 7, 8], u8::is_ascii_alphanumeric)
            || is(it, &[4], u8::is_ascii_alphanumeric) && it.starts_with(|it: char| it.is_ascii_digit())
    };
    while let Some(it) = parts.next_if(is_variant) {
        if !seen.insert(it.to_ascii_lowercase()) {
            return false;
        }
    }
    while let Some(it) = parts.next() {
        let shortest = if it.eq_ignore_ascii_case("x") { 1 } else { 2 };
        let is_new = is(it, &[1], u8::is_ascii_alphanumeric) && seen.insert(it.to_ascii_lowercase());
        let mut n = 0;
        while parts
            .next_if(|it| (shortest..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric()))
            .is_some()
        {
            n += 1;
        }
        if !is_new || n == 0 {
            return false;
        }
    }
    true
}

impl Config {
    /// The same in another language: the words of `LANG/kb.toml`, and what that
    /// does not say as it is.
    pub fn translated(&self, sources: &Sources, lang: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut config = Self { lang: lang.into(), ..self.clone() };
        let Some(source) = sources.text(&format!("{lang}/kb.toml")) else { return config };
        let raw = parse::<RawTranslation>(&source, diagnostics).unwrap_or_default();
        let mut unknown = |what: &str, id: &Spanned<String>, known: Vec<&str>| {
            let message = format!("words for a {what} that does not exist, \"{}\"", id.get_ref());
            let mut found = Diagnostic::error("config", &source, id.span(), message);
            found.hint = nearest(id.get_ref(), known.into_iter());
            diagnostics.push(found);
        };
        for (id, words) in raw.contacts {
            let known = self.contacts.iter().map(|it| it.id.as_str()).collect();
            match config.contacts.iter_mut().find(|it| it.id == *id.get_ref()) {
                Some(it) => words.lay_over(&mut it.label, &mut it.text, &mut it.href),
                None => unknown("contact", &id, known),
            }
        }
        for RawLinkWords { id, words } in raw.links {
            let known = self.links.iter().map(|it| it.id.as_str()).collect();
            match config.links.iter_mut().find(|it| it.id == *id.get_ref()) {
                Some(it) => words.lay_over(&mut it.label, &mut it.text, &mut it.href),
                None => unknown("link", &id, known),
            }
        }
        for it in config.contacts.iter().map(|it| &it.href).chain(config.links.iter().map(|it| &it.href)) {
            if !text::is_safe_href(it) {
                let at = source.text.find(it.as_str()).unwrap_or_default();
                diagnostics.push(unsafe_link(&source, at..at + it.len(), it));
            }
        }
        config.title = raw.title.unwrap_or(config.title);
        config.left_out = raw.left_out.unwrap_or(config.left_out);
        if let Some(it) = raw.no_match {
            (config.way_on_heading, config.way_on_text) = (it.heading, it.text);
        }
        config.source = source;
        config
    }
}

impl Allow {
    /// A kind of finding that exists, and a reason in words.
    fn check(&self, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
        let code = self.code.get_ref();
        if codes::named(code).is_none() {
            let found = Diagnostic::error("unknown-code", source, self.code.span(), format!("unknown code \"{code}\""));
            let hint = nearest(code, CODES.iter().map(|it| it.name))
                .unwrap_or_else(|| "findings have their code in brackets: error[CODE]".into());
            diagnostics.push(found.hint(hint));
        }
        if self.reason.get_ref().trim().is_empty() {
            let found = Diagnostic::error("config", source, self.reason.span(), "an allowance without a reason");
            diagnostics.push(found.hint("say why this finding is none, for whoever reads it next year"));
        }
    }

    /// Whether it is about a finding.
    pub fn covers(&self, it: &Diagnostic) -> bool {
        self.code.get_ref() == it.code && it.id.as_ref().unwrap_or(&it.file) == self.id.get_ref()
    }
}

impl RawWords {
    fn lay_over(self, label: &mut String, text: &mut String, href: &mut String) {
        for (place, words) in [(label, self.label), (text, self.text), (href, self.href)] {
            if let Some(it) = words {
                *place = it;
            }
        }
    }
}

impl Vocabulary {
    /// The aliases of an entry.
    pub fn of(&self, id: &str) -> impl Iterator<Item = &String> {
        // They stand in the order of their ids.
        let at = self.aliases.binary_search_by(|(it, _)| it.get_ref().as_str().cmp(id));
        let aliases = at.map_or(&[][..], |at| self.aliases[at].1.as_slice());
        aliases.iter().map(Spanned::get_ref)
    }

    /// Reads a `vocabulary.toml`. Without the file there are no other words.
    pub fn read(sources: &Sources, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let Some(source) = sources.text(path) else { return Self::default() };
        let raw = parse::<RawVocabulary>(&source, diagnostics).unwrap_or_default();
        let words = raw.synonyms.iter().flat_map(Spanned::get_ref);
        let words = words.chain(raw.aliases.values().flatten().map(Spanned::get_ref));
        check_marks(&source, words, diagnostics);
        for it in raw.synonyms.iter().filter(|it| it.get_ref().len() > MAX_SYNONYMS) {
            let n = it.get_ref().len();
            let message = format!("expected at most {MAX_SYNONYMS} phrases in a group of synonyms, found {n}");
            let found = Diagnostic::error("config", &source, it.span(), message);
            diagnostics.push(found.hint("make several groups, each of words that mean the same"));
        }
        let is_long =
            |it: &&String| it.split_whitespace().count() > MAX_SYNONYM_WORDS || it.chars().count() > MAX_SYNONYM_CHARS;
        for it in &raw.synonyms {
            if let Some(long) = it.get_ref().iter().find(is_long) {
                let shown: String = long.chars().take(MAX_SYNONYM_CHARS).collect();
                let message = format!(
                    "expected at most {MAX_SYNONYM_WORDS} words and {MAX_SYNONYM_CHARS} characters in a synonym, found \"{shown}\""
                );
                let found = Diagnostic::error("config", &source, it.span(), message);
                diagnostics.push(found.hint("what people say of one entry is an alias of it"));
            }
        }
        let n_pairs: usize = raw.synonyms.iter().map(|it| it.get_ref().len().min(MAX_SYNONYMS).pow(2)).sum();
        if n_pairs > MAX_PAIRS {
            let message = format!("expected at most {MAX_PAIRS} pairs of synonyms, found {n_pairs}");
            let found = Diagnostic::error("config", &source, 0..0, message);
            diagnostics.push(found.hint("keep the groups small, and each word in one of them"));
            return Self { source, ..Self::default() };
        }
        for (id, aliases) in raw.aliases.iter().filter(|it| it.1.len() > MAX_ALIASES) {
            let (id, n) = (id.get_ref(), aliases.len());
            let span = aliases.first().map(Spanned::span).unwrap_or_default();
            let message = format!("expected at most {MAX_ALIASES} aliases of an entry, found {n} of \"{id}\"");
            let found = Diagnostic::error("config", &source, span, message);
            diagnostics.push(found.hint("keep those that people type; synonyms stand for words in all entries"));
        }
        let synonyms = raw.synonyms.into_iter().map(Spanned::into_inner).filter(|it| it.len() <= MAX_SYNONYMS);
        let aliases = raw.aliases.into_iter().filter(|it| it.1.len() <= MAX_ALIASES);
        Self { source, synonyms: synonyms.collect(), aliases: aliases.collect() }
    }
}

fn parse<T: for<'a> Deserialize<'a>>(source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
    if let Some(found) = source.wrong_encoding() {
        diagnostics.push(found);
        return None;
    }
    if source.text.len() > MAX_SOURCE_BYTES {
        let message = format!("the file has {} bytes, expected at most {MAX_SOURCE_BYTES}", source.text.len());
        diagnostics.push(Diagnostic::error("too-large", source, 0..0, message).hint("keep what people use of it"));
        return None;
    }
    match toml::from_str(&source.text) {
        Ok(it) => {
            check_letters(source, diagnostics);
            Some(it)
        }
        Err(error) => {
            let span = error.span().unwrap_or_default();
            let message = error.message().to_lowercase();
            let mut found = Diagnostic::error("config", source, span, message);
            found.hint = hint_for(error.message());
            diagnostics.push(found);
            None
        }
    }
}

/// Whatever a setting is for, it holds nothing that cannot be seen, also not as
/// an escape, and no word in the disguise of another.
fn check_letters(source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    if source.text.is_ascii()
        && !source.text.contains("\\u")
        && !source.text.contains("\\U")
        && !has_short_escape(source)
    {
        return;
    }
    let Ok(all) = toml::from_str::<toml::Table>(&source.text) else { return };
    let mut open = vec![toml::Value::Table(all)];
    let mut told = BTreeSet::new();
    let mut look = |text: &str| {
        if let Some(it) = hidden(text)
            && told.insert(it)
        {
            let at = source.text.find(it).map_or(0..0, |at| at..at + it.len_utf8());
            diagnostics.push(hidden_setting(source, at, it));
        }
        if let Some((word, letter)) = look_alike(text) {
            let at = source.text.find(word).map_or(0..0, |at| at..at + word.len());
            diagnostics.push(disguise(source, at, (word, letter)));
        }
    };
    while let Some(value) = open.pop() {
        match value {
            toml::Value::String(it) => look(&it),
            toml::Value::Array(items) => open.extend(items),
            toml::Value::Table(table) => {
                for (key, value) in table {
                    look(&key);
                    open.push(value);
                }
            }
            _ => {}
        }
    }
}

/// Whether there may be an escape that stands for a control character.
fn has_short_escape(source: &Source) -> bool {
    ["\\b", "\\f", "\\e", "\\x"].iter().any(|it| source.text.contains(it))
}

/// No mark has an effect in a file of settings.
fn check_marks<'a>(source: &Source, texts: impl Iterator<Item = &'a String>, diagnostics: &mut Vec<Diagnostic>) {
    for mark in texts.filter(|it| it.contains('{')).flat_map(|it| marks::leftovers(it)) {
        let found = marks::not_understood(source, &(0..source.text.len()), &mark);
        diagnostics.push(found.hint("contacts and links have a setting of their own: audience = \"staff\""));
    }
}

/// What to do about a mistake in a file of settings, from how the parser tells it.
fn hint_for(message: &str) -> Option<String> {
    if message.starts_with("duplicate key") {
        return Some("it stands there before: put what belongs to it in one place".into());
    }
    let (name, known) = message.strip_prefix("unknown field `")?.split_once('`')?;
    nearest(name, known.split('`').skip(1).step_by(2))
}

pub fn unknown_audience(source: &Source, span: Range<usize>, name: &str) -> Diagnostic {
    let message = format!("unknown audience \"{name}\", expected customer, agent or staff");
    let fix = fix::rename(source, &span, name, Audience::ALL.iter().map(|it| it.name()));
    let found = Diagnostic::error("unknown-audience", source, span, message).fixed_by(fix);
    match nearest(name, Audience::ALL.iter().map(|it| it.name())) {
        Some(hint) => found.hint(hint),
        None => found,
    }
}

pub fn unknown_contact<'a>(
    source: &Source,
    span: Range<usize>,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let fix = fix::rename(source, &span, name, known.clone());
    let hint = nearest(name, known).unwrap_or_else(|| format!("add [contacts.{name}] to kb.toml"));
    let found = Diagnostic::error("unknown-contact", source, span, format!("unknown contact \"{name}\""));
    found.hint(hint).fixed_by(fix)
}

pub fn unsafe_link(source: &Source, span: Range<usize>, href: &str) -> Diagnostic {
    let message = format!("a link may not point to \"{}\"", href.escape_debug());
    Diagnostic::error("link-scheme", source, span, message)
        .hint("use http, https, mailto, tel, a relative address or #entry-id")
}
