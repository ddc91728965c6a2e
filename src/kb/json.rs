//! The JSON form of a compiled knowledge base: what a build writes for people,
//! programs and the plain list, and the way back from it to what is searched.
//!
//! `knowledge-base.schema.json` beside this file describes it to others; what
//! that refuses is refused here, and the reverse, but for what a schema cannot
//! say: that a position is one of a list, and that an id is there once.
//!
//! ```
//! use unstuck::kb::contents_of_json;
//!
//! let text = r#"{ "format": 2, "areas": [{ "id": "calls", "title": "Calls" }],
//!   "entries": [{ "id": "calls-no-sound", "area": 0, "symptom": "No sound", "steps": [{ "text": "Unmute." }] }] }"#;
//! assert_eq!(contents_of_json(text).unwrap().entries[0].symptom, "No sound");
//!
//! let error = contents_of_json(&text.replace("\"No sound\"", "3")).unwrap_err();
//! assert_eq!(error.to_string(), "entries[0].symptom: expected a text, found 3");
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::audience::Audience;
use super::compile::complete;
use super::config::{MAX_ALIASES, MAX_SYNONYMS, is_language_tag};
use super::terms::Aliases;
use crate::index::{
    Area, Contact, Contents, Entry, ErrorCode, Link, Note, NoteKind, Resolution, Step, StepKind, VERSION,
};

/// So much of a text is quoted in an error, in characters.
const QUOTED: usize = 40;

/// Most areas, as the index has room for their positions: far more than anybody
/// would choose from.
const MAX_AREAS: usize = 1 << 16;

/// Contents as a build writes them, with the words by which they are found.
pub(super) fn write(contents: &Contents, aliases: &Aliases, synonyms: &[Vec<String>]) -> String {
    let mut json = serde_json::to_value(contents).expect("contents hold no maps with keys other than strings");
    json["format"] = VERSION.into();
    json["synonyms"] = synonyms.into();
    for (at, it) in aliases.iter().enumerate().filter(|(_, it)| !it.is_empty()) {
        json["entries"][at]["aliases"] = it.as_slice().into();
    }
    format!("{json:#}\n")
}

/// Why a JSON form was refused: where in it, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    path: String,
    code: ErrorCode,
    message: String,
}

impl JsonError {
    fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), code: ErrorCode::Corrupt, message: message.into() }
    }

    fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, found {}", described(found)))
    }

    /// The same, seen from the object or the list around it.
    fn below(mut self, step: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }

    /// The code that the page sees.
    pub fn code(&self) -> ErrorCode {
        self.code
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}

impl std::error::Error for JsonError {}

/// Contents out of the JSON form, ready to be written as an index: of what a
/// build wrote the very same index.
///
/// What may be left out is empty then; what is not known is refused, as it may
/// be a slip for something that would be missed.
pub fn contents_of_json(text: &str) -> Result<Contents, JsonError> {
    let value: Value = serde_json::from_str(text).map_err(|it| JsonError::new(format!("expected JSON, found {it}")))?;
    let top = Object::of(&value, &TOP)?;
    // Of another format nothing else need be right.
    top.required("format", |it| {
        let is_other = it.as_u64().is_some_and(|it| it != u64::from(VERSION));
        let code = if is_other { ErrorCode::Version } else { ErrorCode::Corrupt };
        let wrong = || JsonError { code, ..JsonError::expected(&format!("format {VERSION}"), it) };
        whole(it, VERSION).ok().filter(|it| *it == VERSION).ok_or_else(wrong)
    })?;
    let areas = top.required("areas", |it| list(it, MAX_AREAS, area))?;
    let contacts = top.optional("contacts", |it| list(it, usize::MAX, contact))?;
    let places = Places { areas: areas.len(), contacts: contacts.len() };
    let entries = top.required("entries", |it| list(it, usize::MAX, |it| entry(it, &places)))?;
    let (entries, aliases): (Vec<Entry>, Aliases) = entries.into_iter().unzip();
    let ids = |name, ids: &mut dyn Iterator<Item = &String>| each_once(ids).map_err(|it| it.below(name));
    ids("areas", &mut areas.iter().map(|it| &it.id))?;
    ids("contacts", &mut contacts.iter().map(|it| &it.id))?;
    ids("entries", &mut entries.iter().map(|it| &it.id))?;
    top.optional("$schema", text_of)?;
    let mut contents = Contents {
        lang: top.optional_or("lang", "en", language)?,
        audience: top.optional_or("audience", Audience::Customer.name(), |it| {
            one_of(it, &Audience::ALL.map(|it| (it.name(), it.name().to_owned())))
        })?,
        title: top.optional("title", text_of)?,
        way_on_heading: top.optional("way_on_heading", text_of)?,
        way_on_text: top.optional("way_on_text", text_of)?,
        areas,
        contacts,
        links: top.optional("links", |it| list(it, usize::MAX, link))?,
        entries,
        popular: top.optional("popular", |it| list(it, usize::MAX, id))?,
        moved: top.optional("moved", |it| list(it, usize::MAX, moved))?,
        ..Contents::default()
    };
    let group = |it: &Value| list(it, MAX_SYNONYMS, text_of);
    let synonyms = top.optional("synonyms", |it| list(it, usize::MAX, group))?;
    complete(&mut contents, &aliases, &synonyms);
    Ok(contents)
}

const TOP: [&str; 14] = [
    "$schema",
    "format",
    "lang",
    "audience",
    "title",
    "way_on_heading",
    "way_on_text",
    "areas",
    "contacts",
    "links",
    "entries",
    "popular",
    "moved",
    "synonyms",
];

/// How many there are of what entries point to.
struct Places {
    areas: usize,
    contacts: usize,
}

fn area(value: &Value) -> Result<Area, JsonError> {
    let it = Object::of(value, &["id", "title"])?;
    Ok(Area { id: it.required("id", id)?, title: it.required("title", filled)? })
}

fn contact(value: &Value) -> Result<Contact, JsonError> {
    let it = Object::of(value, &["id", "label", "href", "text"])?;
    Ok(Contact {
        id: it.required("id", filled)?,
        label: it.required("label", filled)?,
        href: it.optional("href", text_of)?,
        text: it.optional("text", text_of)?,
    })
}

fn link(value: &Value) -> Result<Link, JsonError> {
    let it = Object::of(value, &["id", "label", "href", "text"])?;
    Ok(Link {
        id: it.required("id", filled)?,
        label: it.required("label", filled)?,
        href: it.required("href", filled)?,
        text: it.optional("text", text_of)?,
    })
}

/// An entry and its aliases.
fn entry(value: &Value, places: &Places) -> Result<(Entry, Vec<String>), JsonError> {
    let known =
        ["id", "lang", "area", "symptom", "causes", "guide", "description", "steps", "after", "contact", "aliases"];
    let it = Object::of(value, &known)?;
    let texts = |it: &Value| list(it, usize::MAX, text_of);
    let entry = Entry {
        id: it.required("id", id)?,
        lang: it.optional("lang", language)?,
        area: it.required("area", |it| position(it, places.areas, "areas"))?,
        symptom: it.required("symptom", filled)?,
        causes: it.optional("causes", texts)?,
        resolution: Resolution {
            guide: it.optional("guide", |it| it.as_bool().ok_or_else(|| JsonError::expected("true or false", it)))?,
            description: it.optional("description", texts)?,
            steps: it.required("steps", |it| list(it, usize::MAX, |it| step(it, places)))?,
            after: it.optional("after", texts)?,
            contact: it.optional("contact", |it| {
                if it.is_null() { Ok(None) } else { position(it, places.contacts, "contacts").map(Some) }
            })?,
        },
    };
    Ok((entry, it.optional("aliases", |it| list(it, MAX_ALIASES, filled))?))
}

fn step(value: &Value, places: &Places) -> Result<Step, JsonError> {
    let it = Object::of(value, &["kind", "text", "notes"])?;
    Ok(Step {
        kind: it.optional("kind", |it| step_kind(it, places))?,
        text: it.required("text", filled)?,
        notes: it.optional("notes", |it| list(it, usize::MAX, note))?,
    })
}

fn step_kind(value: &Value, places: &Places) -> Result<StepKind, JsonError> {
    if !value.is_object() {
        return one_of(value, &[("do", StepKind::Do), ("check", StepKind::Check), ("info", StepKind::Info)]);
    }
    let it = Object::of(value, &["wait", "escalate"])?;
    if it.0.len() != 1 {
        return Err(JsonError::new(format!("expected one of wait, escalate, found {} of them", it.0.len())));
    }
    if it.0.contains_key("wait") {
        let minutes = it.required("wait", |it| {
            Object::of(it, &["minutes"])?.required("minutes", |it| {
                whole(it, u32::MAX)
                    .and_then(|n| if n > 0 { Ok(n) } else { Err(JsonError::expected("a minute or more", it)) })
            })
        })?;
        return Ok(StepKind::Wait { minutes });
    }
    let contact = it.required("escalate", |it| {
        Object::of(it, &["contact"])?.required("contact", |it| position(it, places.contacts, "contacts"))
    })?;
    Ok(StepKind::Escalate { contact })
}

fn note(value: &Value) -> Result<Note, JsonError> {
    let it = Object::of(value, &["kind", "text", "src", "alt"])?;
    let kinds = [
        ("note", NoteKind::Note),
        ("warning", NoteKind::Warning),
        ("item", NoteKind::Item),
        ("picture", NoteKind::Picture),
        ("code", NoteKind::Code),
    ];
    Ok(Note {
        kind: it.optional("kind", |it| one_of(it, &kinds))?,
        text: it.required("text", text_of)?,
        src: it.optional("src", text_of)?,
        alt: it.optional("alt", text_of)?,
    })
}

fn moved(value: &Value) -> Result<(String, String), JsonError> {
    let ids = list(value, usize::MAX, id)?;
    <[String; 2]>::try_from(ids).map(Into::into).map_err(|it| {
        let n = it.len();
        JsonError::new(format!("expected an old id and a new id, found a list of {n}"))
    })
}

// --- what every part is made of ---

/// An object, all properties of which are known.
struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    fn of(value: &'a Value, known: &[&str]) -> Result<Self, JsonError> {
        let map = value.as_object().ok_or_else(|| JsonError::expected("an object", value))?;
        match map.keys().find(|it| !known.contains(&it.as_str())) {
            None => Ok(Self(map)),
            Some(it) => Err(JsonError::new(format!("expected one of {}, found {}", known.join(", "), quoted(it)))),
        }
    }

    fn required<T>(&self, name: &str, read: impl Fn(&Value) -> Result<T, JsonError>) -> Result<T, JsonError> {
        let value = self.0.get(name).ok_or_else(|| JsonError::new("expected a value, found none"));
        value.and_then(read).map_err(|it| it.below(name))
    }

    fn optional<T: Default>(&self, name: &str, read: impl Fn(&Value) -> Result<T, JsonError>) -> Result<T, JsonError> {
        if self.0.contains_key(name) { self.required(name, read) } else { Ok(T::default()) }
    }

    fn optional_or(
        &self,
        name: &str,
        usual: &str,
        read: impl Fn(&Value) -> Result<String, JsonError>,
    ) -> Result<String, JsonError> {
        if self.0.contains_key(name) { self.required(name, read) } else { Ok(usual.into()) }
    }
}

fn list<T>(value: &Value, most: usize, read: impl Fn(&Value) -> Result<T, JsonError>) -> Result<Vec<T>, JsonError> {
    let items = value.as_array().ok_or_else(|| JsonError::expected("a list", value))?;
    if items.len() > most {
        return Err(JsonError::new(format!("expected at most {most} items, found {}", items.len())));
    }
    items.iter().enumerate().map(|(at, it)| read(it).map_err(|it| it.below(&format!("[{at}]")))).collect()
}

fn text_of(value: &Value) -> Result<String, JsonError> {
    value.as_str().map(str::to_owned).ok_or_else(|| JsonError::expected("a text", value))
}

fn filled(value: &Value) -> Result<String, JsonError> {
    let text = text_of(value)?;
    if text.is_empty() { Err(JsonError::new("expected a text, found an empty one")) } else { Ok(text) }
}

/// An id of an area or an entry: part of an address, whose own marks it has none of.
fn id(value: &Value) -> Result<String, JsonError> {
    let id = filled(value)?;
    let is_mark = |it: char| it <= ' ' || "/#&".contains(it);
    if id.contains(is_mark) {
        return Err(JsonError::expected("an id without spaces and without /, # and &", value));
    }
    Ok(id)
}

fn language(value: &Value) -> Result<String, JsonError> {
    let lang = text_of(value)?;
    if is_language_tag(&lang) { Ok(lang) } else { Err(JsonError::expected("a language tag such as en", value)) }
}

fn one_of<T: Clone>(value: &Value, known: &[(&str, T)]) -> Result<T, JsonError> {
    let found = known.iter().find(|it| value.as_str() == Some(it.0));
    let names = || known.iter().map(|it| it.0).collect::<Vec<_>>().join(", ");
    found.map(|it| it.1.clone()).ok_or_else(|| JsonError::expected(&format!("one of {}", names()), value))
}

fn whole(value: &Value, most: u32) -> Result<u32, JsonError> {
    let number = value.as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| *it <= most);
    number.ok_or_else(|| JsonError::expected(&format!("a whole number from 0 to {most}"), value))
}

/// The position of one of so many.
fn position(value: &Value, n: usize, of: &str) -> Result<usize, JsonError> {
    let at = whole(value, u32::MAX)? as usize;
    if at < n { Ok(at) } else { Err(JsonError::new(format!("expected a position in {of}, which has {n}, found {at}"))) }
}

fn each_once(ids: &mut dyn Iterator<Item = &String>) -> Result<(), JsonError> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, id) in ids.enumerate() {
        if let Some(first) = seen.insert(id, at) {
            let message = format!("expected an id of its own, found {}, which [{first}] has", quoted(id));
            return Err(JsonError::new(message).below("id").below(&format!("[{at}]")));
        }
    }
    Ok(())
}

fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => it.to_string(),
        Value::String(it) => quoted(it),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?} …", &text[..end]),
        None => format!("{text:?}"),
    }
}
