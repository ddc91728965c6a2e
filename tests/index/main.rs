//! The byte format: what is written is read, and nothing else is.

mod refusal;
mod rich_text;
mod round_trip;

use unstuck::index::{
    Area, Contact, Contents, Entry, Field, Fields, Folding, Link, Note, NoteKind, Posting, Resolution, Step, StepKind,
    Suffix, Term,
};

/// A small knowledge base with everything in it that the format knows.
fn contents() -> Contents {
    let note = |kind, text: &str, src: &str| Note { kind, text: text.into(), src: src.into() };
    let step = |kind, text: &str, notes| Step { kind, text: text.into(), notes };
    Contents {
        lang: "en".into(),
        audience: "customer".into(),
        title: "Help".into(),
        way_on_heading: "When all else fails".into(),
        way_on_text: "Here is where to go.".into(),
        areas: vec![
            Area { id: "billing".into(), title: "Billing".into() },
            Area { id: "calls".into(), title: "Calls".into() },
        ],
        contacts: vec![Contact {
            id: "support".into(),
            label: "Support".into(),
            href: "/help/contact".into(),
            text: "They look into it.".into(),
        }],
        links: vec![Link { id: "faq".into(), label: "FAQ".into(), href: "/faq".into(), text: "Short answers".into() }],
        entries: vec![
            Entry {
                id: "billing-charged-twice".into(),
                area: 0,
                symptom: "Charged \u{1}twice\u{7}".into(),
                causes: vec!["A retry".into(), "Über-eager".into()],
                resolution: Resolution {
                    guide: true,
                    description: vec!["Two charges.".into()],
                    steps: vec![
                        step(StepKind::Do, "Look", vec![note(NoteKind::Item, "Closely", "")]),
                        step(StepKind::Wait { minutes: 90 }, "Wait", vec![note(NoteKind::Note, "Or sleep", "")]),
                        step(StepKind::Check, "Check", vec![note(NoteKind::Warning, "Mind", "")]),
                        step(
                            StepKind::Escalate { contact: 0 },
                            "Ask",
                            vec![note(NoteKind::Picture, "A list", "a.svg")],
                        ),
                        step(StepKind::Info, "Done", vec![note(NoteKind::Code, "x = 1", "")]),
                    ],
                    after: vec!["Else ask.".into()],
                    contact: Some(0),
                },
            },
            Entry { id: "calls-silent".into(), area: 1, symptom: "Silent".into(), ..Entry::default() },
        ],
        moved: vec![("billing-double".into(), "billing-charged-twice".into())],
        folding: Folding {
            map: vec![('é', "e".into()), ('ü', "u".into()), ('–', " ".into())],
            suffixes: vec![Suffix { ending: "ing".into(), replacement: String::new(), min_stem: 4 }],
            stop_words: vec!["a".into(), "the".into()],
        },
        terms: terms(),
    }
}

/// More terms than a block holds, with shared beginnings.
fn terms() -> Vec<Term> {
    let mut texts: Vec<String> = (0..40).map(|i| format!("charg{i:02}")).collect();
    texts.extend(["silent", "twice", "über"].map(String::from));
    let mut fields = Fields::default();
    fields.insert(Field::Symptom);
    texts.sort();
    texts
        .into_iter()
        .enumerate()
        .map(|(i, text)| {
            let docs = if i % 3 == 0 { vec![0, 1] } else { vec![i as u32 % 2] };
            Term { text, postings: docs.into_iter().map(|doc| Posting { doc, fields }).collect() }
        })
        .collect()
}
