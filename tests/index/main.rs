//! The byte format: what is written is read, and nothing else is.

mod refusal;
mod rich_text;
mod round_trip;

use unstuck::index::{
    Area, Contact, Contents, Entry, Field, Fields, Folding, Link, Note, NoteKind, Posting, Relation, Resolution, Step,
    StepKind, Strength, Suffix, Term, Title,
};

/// A small knowledge base with everything in it that the format knows.
fn contents() -> Contents {
    let note = |kind, text: &str, src: &str| Note { kind, text: text.into(), src: src.into(), alt: src.into() };
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
                lang: String::new(),
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
            Entry {
                id: "calls-silent".into(),
                lang: "de".into(),
                area: 1,
                symptom: "Silent".into(),
                ..Entry::default()
            },
        ],
        popular: Vec::new(),
        moved: vec![("billing-double".into(), "billing-charged-twice".into())],
        folding: Folding {
            map: vec![('é', "e".into()), ('ü', "u".into()), ('–', " ".into())],
            suffixes: vec![Suffix { ending: "ing".into(), replacement: String::new(), min_stem: 4 }],
            stop_words: vec!["a".into(), "the".into()],
        },
        titles: vec![Title { doc: 0, weight: 96 }, Title { doc: 0, weight: 48 }, Title { doc: 1, weight: 64 }],
        relations: vec![
            Relation { from: "paid again".into(), to: vec![("charg00 twice".into(), Strength::Suggested)] },
            Relation {
                from: "quiet".into(),
                to: vec![("silent".into(), Strength::Same), ("twice".into(), Strength::Related)],
            },
            Relation {
                from: "still".into(),
                to: vec![("silent".into(), Strength::Same), ("twice".into(), Strength::Related)],
            },
        ],
        terms: terms(),
    }
}

/// More terms than a block holds, with shared beginnings.
fn terms() -> Vec<Term> {
    let mut texts: Vec<String> = (0..40).map(|i| format!("charg{i:02}")).collect();
    texts.extend(["silent", "twice", "über"].map(String::from));
    texts.sort();
    let fields = |all: &[Field]| {
        let mut fields = Fields::default();
        for it in all {
            fields.insert(*it);
        }
        fields
    };
    let in_cause = fields(&[Field::Cause]);
    let everywhere = fields(&[Field::Cause, Field::Resolution, Field::Area]);
    texts
        .into_iter()
        .enumerate()
        .map(|(i, text)| match i % 3 {
            0 => Term { text, titles: vec![0, 2], postings: Vec::new(), n_entries: 2 },
            1 => Term { text, titles: Vec::new(), postings: vec![Posting { doc: 1, fields: in_cause }], n_entries: 1 },
            _ => {
                let postings = vec![Posting { doc: 0, fields: in_cause }, Posting { doc: 1, fields: everywhere }];
                Term { text, titles: vec![1], postings, n_entries: 2 }
            }
        })
        .collect()
}
