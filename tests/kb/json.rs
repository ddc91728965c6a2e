//! The JSON form: what a build writes can be read back, and what is wrong with
//! one is said with its place.

use serde_json::{Value, json};
use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, STARTER, Sources, contents_of_json};

use crate::kb;

/// What a build of a book writes can be read back to the very index.
#[track_caller]
fn check_round_trip(book: &Book) {
    for audience in Audience::ALL {
        let files = book.build(audience).files;
        for lang in book.languages() {
            let book = book.in_language(lang).expect("it is one of its languages");
            let (contents, own) = (book.contents(audience), index::write(&book.contents(audience)));
            let json = files.iter().filter(|it| it.path.ends_with(".entries.json"));
            let read = json.map(|it| contents_of_json(std::str::from_utf8(&it.bytes).expect("JSON is text")));
            let read = read.map(|it| it.expect("what a build wrote can be read")).find(|it| it.lang == contents.lang);
            let read = read.expect("there is a JSON form of each language");
            assert_eq!(read, contents, "{audience} {lang}");
            assert!(index::write(&read) == own, "{audience} {lang}: other bytes");
        }
    }
}

#[test]
fn what_a_build_writes_can_be_read_back() {
    check_round_trip(&kb());
    let mut starter = Sources::default();
    for (path, text) in STARTER {
        starter.add(path, text.into());
    }
    check_round_trip(&Book::read(&starter));
}

/// A small knowledge base with a change made to it is refused with this.
#[track_caller]
fn check_refused(change: impl Fn(&mut Value), code: &str, message: &str) {
    let mut value = json!({
        "format": 2,
        "areas": [{ "id": "calls", "title": "Calls" }],
        "contacts": [{ "id": "support", "label": "Support" }],
        "entries": [{ "id": "calls-no-sound", "area": 0, "symptom": "No sound", "steps": [{ "text": "Unmute." }] }],
    });
    contents_of_json(&value.to_string()).expect("it is right before the change");
    change(&mut value);
    let error = contents_of_json(&value.to_string()).expect_err("it is refused");
    assert_eq!((error.code().as_str(), error.to_string().as_str()), (code, message));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let cases: [(&str, Value, &str); 11] = [
        ("/entries/0/symptom", json!(3), "entries[0].symptom: expected a text, found 3"),
        ("/entries/0/symptom", json!(""), "entries[0].symptom: expected a text, found an empty one"),
        (
            "/entries/0/id",
            json!("a b"),
            "entries[0].id: expected an id without spaces and without /, # and &, found \"a b\"",
        ),
        ("/entries/0/area", json!(1), "entries[0].area: expected a position in areas, which has 1, found 1"),
        ("/entries/0/area", json!(-1), "entries[0].area: expected a whole number from 0 to 4294967295, found -1"),
        ("/entries/0/steps", json!({}), "entries[0].steps: expected a list, found an object"),
        ("/entries/0/steps/0", json!([]), "entries[0].steps[0]: expected an object, found a list"),
        ("/contacts/0/label", json!(null), "contacts[0].label: expected a text, found null"),
        ("/areas", json!([{ "id": "calls" }]), "areas[0].title: expected a value, found none"),
        ("/format", json!("2"), "format: expected format 2, found \"2\""),
        ("", json!([]), "expected an object, found a list"),
    ];
    for (at, other, message) in cases {
        check_refused(|it| *it.pointer_mut(at).expect("it is there") = other.clone(), "kb-corrupt", message);
    }
    check_refused(|it| it["format"] = 1.into(), "kb-version", "format: expected format 2, found 1");
    check_refused(
        |it| it["entries"][0]["sympton"] = "x".into(),
        "kb-corrupt",
        "entries[0]: expected one of id, lang, area, symptom, causes, guide, description, steps, after, contact, aliases, \
         found \"sympton\"",
    );
    check_refused(
        |it| it["entries"][0]["steps"][0]["kind"] = json!({ "wait": { "minutes": 0 } }),
        "kb-corrupt",
        "entries[0].steps[0].kind.wait.minutes: expected a minute or more, found 0",
    );
    check_refused(
        |it| it["entries"] = [it["entries"][0].clone(), it["entries"][0].clone()].into_iter().collect(),
        "kb-corrupt",
        "entries[1].id: expected an id of its own, found \"calls-no-sound\", which [0] has",
    );
}

#[test]
fn whatever_is_accepted_can_be_opened() {
    // Words that mean the same in groups longer than anybody searches for.
    let long = (0..90).map(|it| format!("word{it}")).collect::<Vec<_>>().join(" ");
    let value = json!({
        "format": 2,
        "lang": "und",
        "areas": [{ "id": "ü", "title": "\u{1}\u{7}" }, { "id": "empty", "title": "Empty" }],
        "synonyms": [["mute", long.as_str()], [], ["", "mute"]],
        "entries": [
            { "id": "x", "area": 0, "symptom": "\u{5}\u{0}", "steps": [], "aliases": [long.as_str(), "mute"] },
            { "id": "y", "area": 0, "symptom": long, "steps": [{ "text": "\u{3}", "kind": { "wait": { "minutes": 4_294_967_295u32 } } }] },
        ],
    });
    let contents = contents_of_json(&value.to_string()).expect("it is accepted");
    let index = Index::open(index::write(&contents)).expect("it can be opened");
    assert_eq!((index.n_entries(), index.find("y")), (2, Some(1)));
}

#[test]
fn text_that_is_no_json_is_refused() {
    for text in ["", "{", "undefined", &"[".repeat(100_000)] {
        let error = contents_of_json(text).expect_err("it is refused");
        assert!(error.to_string().starts_with("expected JSON, found "), "{error}");
    }
}
