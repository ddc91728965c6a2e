//! No byte of what is for a narrower circle is in a wider build.

use std::fs;

use serde::Deserialize;
use unstuck::index::{Contents, StepKind, text};
use unstuck::kb::{Audience, Book, Sources};

use crate::{kb, repository};

#[derive(Deserialize)]
struct StaffWords {
    words: Vec<String>,
    whole_words: Vec<String>,
}

/// Every text of a build, without marks.
fn texts(contents: &Contents) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for it in &contents.entries {
        let res = &it.resolution;
        texts.push(it.symptom.clone());
        texts.extend(it.causes.iter().chain(&res.description).chain(&res.after).cloned());
        texts.extend(
            res.steps.iter().flat_map(|it| [&it.text].into_iter().chain(it.notes.iter().map(|it| &it.text))).cloned(),
        );
    }
    texts.extend(contents.contacts.iter().flat_map(|it| [it.id.clone(), it.label.clone(), it.text.clone()]));
    texts.extend(contents.links.iter().flat_map(|it| [it.id.clone(), it.label.clone(), it.text.clone()]));
    // Shorter ones ("on-call") can stand in other words by chance; the list of staff words has them.
    texts.iter().map(|it| text::plain(it)).filter(|it| it.len() >= 8).collect()
}

/// All bytes of a build, without the marks inside texts.
fn bytes(book: &Book, audience: Audience) -> String {
    let files = book.build(audience).files;
    files.iter().map(|it| text::plain(&String::from_utf8_lossy(&it.bytes))).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_text_of_a_narrower_build_is_in_a_wider_one() {
    let book = kb();
    for wide in Audience::ALL {
        let own = texts(&book.contents(wide));
        let built = bytes(&book, wide);
        for narrow in Audience::ALL.into_iter().filter(|it| *it > wide) {
            let only_narrow: Vec<String> = texts(&book.contents(narrow))
                .into_iter()
                .filter(|it| !own.iter().any(|own| own.contains(it)))
                .collect();
            assert!(!only_narrow.is_empty() || narrow == Audience::Agent, "the test has something to look for");
            for it in only_narrow {
                assert!(!built.contains(&it), "the build for {wide} holds what is for {narrow}: {it:?}");
            }
        }
    }
}

#[test]
fn no_word_that_only_staff_know_is_in_a_wider_build() {
    let staff: StaffWords =
        toml::from_str(&fs::read_to_string(repository("tests/kb/staff_words.toml")).expect("it is in the tree"))
            .expect("it is TOML");
    let book = kb();
    let staff_build = bytes(&book, Audience::Staff).to_lowercase();
    for audience in [Audience::Customer, Audience::Agent] {
        let built = bytes(&book, audience).to_lowercase();
        let terms: Vec<String> = book.contents(audience).terms.into_iter().map(|it| it.text).collect();
        let words: Vec<String> = texts(&book.contents(audience))
            .iter()
            .flat_map(|it| {
                it.to_lowercase().split(|it: char| !it.is_alphanumeric()).map(String::from).collect::<Vec<_>>()
            })
            .collect();
        for it in staff.words.iter().map(|it| it.to_lowercase()) {
            assert!(staff_build.contains(&it), "{it:?} is not even in the staff build");
            assert!(!built.contains(&it), "the build for {audience} holds {it:?}");
        }
        for it in staff.whole_words.iter().map(|it| it.to_lowercase()) {
            assert!(!terms.contains(&it) && !words.contains(&it), "the build for {audience} holds {it:?}");
        }
    }
}

#[test]
fn of_wordings_in_a_row_each_audience_sees_the_narrowest_it_may() {
    let table = "# A\n\n| Symptom | Cause | Fix |\n|---|---|---|\n\
        | One | {audience customer} Wide; {audience staff} Narrow | First; {audience customer} Ask; {audience agent} Look; {audience staff} Refund; {audience staff} Note it; Last |\n";
    let mut sources = Sources::default();
    sources.add("a.md", table.into());
    let book = Book::read(&sources);
    let seen = |audience| {
        let entry = book.contents(audience).entries.remove(0);
        let steps = entry.resolution.steps.into_iter().map(|it| it.text).collect::<Vec<_>>().join(", ");
        format!("{}: {steps}", entry.causes.join(", "))
    };
    assert_eq!(seen(Audience::Customer), "Wide: First, Ask, Last");
    assert_eq!(seen(Audience::Agent), "Wide: First, Look, Last");
    assert_eq!(seen(Audience::Staff), "Narrow: First, Refund, Note it, Last");
}

#[test]
fn an_entry_for_a_narrower_circle_is_not_in_a_wider_build() {
    let mut sources = Sources::default();
    sources.add(
        "a.md",
        b"# A\n\n| Symptom | Audience | Fix |\n|---|---|---|\n| Zebra | staff | Ask |\n| One | | Ask |\n".to_vec(),
    );
    sources.add("vocabulary.toml", b"[aliases]\n\"a-zebra\" = [\"quagga\"]\n".to_vec());
    let book = Book::read(&sources);
    assert_eq!(book.contents(Audience::Staff).entries.len(), 2);
    for audience in [Audience::Customer, Audience::Agent] {
        let built = bytes(&book, audience).to_lowercase();
        assert!(!built.contains("zebra") && !built.contains("quagga"), "{audience}");
    }
}

#[test]
fn where_steps_are_left_out_a_hand_over_stands_in_their_place() {
    let read = |steps: &str| {
        let mut sources = Sources::default();
        let config = "contact = \"desk\"\n[contacts.desk]\nlabel = \"Help desk\"\n";
        sources.add("kb.toml", config.into());
        sources.add("a.md", format!("# A\n\n| Symptom | Fix |\n|---|---|\n| One | {steps} |\n").into_bytes());
        Book::read(&sources)
    };
    let seen = |book: &Book, audience| {
        let entry = book.contents(audience).entries.remove(0);
        let texts = entry.resolution.steps.iter().map(|it| it.text.clone()).collect::<Vec<_>>().join(" | ");
        (texts, entry.resolution.steps.iter().filter(|it| it.kind == StepKind::Escalate { contact: 0 }).count())
    };
    let mut only_staff = read("{audience staff} Refund it.; {audience staff} Note it.");
    assert_eq!(seen(&only_staff, Audience::Customer), ("Ask Help desk to take it from here.".into(), 1));
    assert_eq!(seen(&only_staff, Audience::Staff), ("Refund it. | Note it.".into(), 0));
    only_staff.lint();
    assert!(only_staff.diagnostics.iter().all(|it| it.code != "missing-resolution"), "nobody is left without");
    let in_between = read("Look.; {audience staff} Refund it.; Tell them.");
    let expected = ("Look. | Ask Help desk to take it from here. | Tell them.".into(), 1);
    assert_eq!(seen(&in_between, Audience::Agent), expected);
    // Whom they ask already takes the rest as well.
    let asked = read("Ask. {escalate desk}; {audience staff} Refund it.");
    assert_eq!(seen(&asked, Audience::Customer), ("Ask.".into(), 1));
}

/// Whether a slip in a mark keeps the build from going on, or what the mark is
/// to keep back is in nothing that customers load; then the step's text is given.
#[track_caller]
fn check_slip(files: &[(&str, &str)], kept_back: bool) {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(*path, text.as_bytes().to_vec());
    }
    let book = Book::read(&sources);
    let files: Vec<&str> = files.iter().map(|it| it.1).collect();
    if !kept_back {
        let codes: Vec<&str> = book.diagnostics.iter().map(|it| it.code).collect();
        assert!(book.has_errors(), "{files:?} is built with {codes:?}");
        return;
    }
    assert_eq!(book.diagnostics, [], "{files:?}");
    let text = |audience| format!("{:?}", book.contents(audience));
    assert!(!text(Audience::Customer).contains("4711"), "{files:?} tells customers");
    let staff = text(Audience::Staff);
    assert!(staff.contains("4711") && !staff.contains("audience staff"), "{files:?}: {staff}");
}

#[test]
fn no_slip_in_a_mark_tells_customers_what_is_for_staff() {
    let steps = [
        ("Refund it with code 4711 {audience staff}", true),
        ("Refund it with code 4711 {audience staff}.", true),
        ("Refund it with code 4711. {audience staff}.", true),
        ("Refund it with code 4711 {audience staff}!", true),
        ("Refund it with code 4711 {check}{audience staff}.", true),
        ("Refund it with code 4711 {wait 5m} {audience staff}.", true),
        ("{audience staff} Refund it with code 4711.", true),
        ("Refund it with code 4711 {audience\tstaff}", true),
        ("Refund it with code 4711 {audience\u{a0}staff}", true),
        ("Refund it with code 4711 {audience staff} now.", false),
        ("Refund it with code 4711{audience staff}", false),
        ("Refund it with code 4711 {audience: staff}", false),
        ("Refund it with code 4711 {audience=staff}.", false),
        ("Refund it with code 4711 {audience-staff}.", false),
        ("Refund it with code 4711 {Audience Staff}", false),
        ("Refund it with code 4711 {staff}", false),
        ("Refund it with code 4711 {staff only}.", false),
        ("Refund it with code 4711 {audiance staff}.", false),
        ("Refund it with code 4711 {audience staff", false),
        ("Refund it with code 4711 {audience staff.", false),
        ("Refund it with code 4711 audience staff}", false),
        ("Refund it with code 4711 (audience staff)", false),
        ("Refund it with code 4711 [audience staff]", false),
        ("Refund it with code 4711 <audience staff>", false),
        ("Refund it with code 4711 `{audience staff}`", false),
        ("Refund it with code 4711 **{audience staff}**", false),
        ("**Refund it with code 4711 {audience staff}**", false),
        ("Refund it with code 4711 {**audience** staff}", false),
        ("Refund it with code 4711 ｛audience staff｝", false),
        ("Refund it with code 4711 {audience\u{3000}staff}", false),
        ("Refund it with code 4711 {wait 5m} and tell them", false),
        ("Refund it with code 4711 {audience stuff}.", false),
    ];
    for (step, kept_back) in steps {
        let row = format!("# A\n\n| Symptom | Fix |\n|---|---|\n| One | Ask for a refund; Sit down; {step} |\n");
        check_slip(&[("a.md", &row)], kept_back);
        let section = format!(
            "# A\n\n## One\n\nTypical cause: A retry.\n\nResolution:\n\n- Ask for a refund.\n- {step}\n- Sit down.\n"
        );
        check_slip(&[("a.md", &section)], kept_back);
        let guide = format!("# A\n\n## How to do it\n\n1. Ask for a refund.\n1. {step}\n1. Sit down.\n");
        check_slip(&[("a.md", &guide)], kept_back);
    }
}

#[test]
fn what_stands_around_a_marked_step_is_kept_back_with_it_or_is_an_error() {
    let sections = [
        ("- Ask.\n- Refund it. {audience staff}\n\n  With code 4711.\n", true),
        ("- Ask.\n- Refund it. {audience staff}\n  - With code 4711.\n", true),
        ("- Ask.\n- Refund it. {audience staff}\n\n  ```\n  refund 4711\n  ```\n", true),
        ("- Ask.\n- Sit down.\n  - Refund it. {audience staff}\n\n    ```\n    refund 4711\n    ```\n", true),
        ("- Ask.\n- Sit down.\n\n  Refund it. {audience staff} ![Code 4711](code.svg)\n", true),
        ("- Ask.\n\n{audience staff} Refund it. ![Code 4711](code.svg)\n", true),
        ("- Ask.\n\n> {audience staff} Refund it with code 4711.\n", true),
        ("- Ask.\n\n> {audience staff} Refund it.\n>\n> With code 4711.\n", false),
        ("- Ask.\n- {audience staff}\n- Refund it with code 4711.\n", false),
        ("{audience staff}\n\n- Ask.\n- Refund it with code 4711.\n", false),
        ("- Ask.\n- Refund it {audience staff}:\n- With code 4711.\n", false),
        ("- Ask.\n- Refund it with code 4711 {audience; staff}\n", false),
        ("- Ask.\n- Refund it. {audience staff}\nWith code 4711.\n", false),
        ("- Ask.\n- Refund it. {audience staff}\n  With code 4711.\n", false),
        ("- Ask.\n- Refund it. {audience staff}\n\nWith code 4711.\n", false),
        ("- Ask.\n- Refund it:\n\n  ```\n  refund 4711 {audience staff}\n  ```\n", false),
        ("- Ask.\n- Refund it.\n\n  ![The code](code.svg \"With code 4711 {audience staff}\")\n", false),
    ];
    for (section, kept_back) in sections {
        let section = format!("# A\n\n## One\n\nTypical cause: A retry.\n\nResolution:\n\n{section}");
        check_slip(&[("a.md", &section), ("code.svg", "<svg/>")], kept_back);
    }
}

#[test]
fn a_mark_where_none_is_read_is_an_error() {
    let files = [
        "# A\n\n## The code is 4711 {audience staff}\n\nCause: So.\n\nResolution: Ask.\n",
        "# A\n\n## The code is 4711 {audience=staff}\n\nCause: So.\n\nResolution: Ask.\n",
        "# The code is 4711 {staff}\n\n## One\n\nCause: So.\n\nResolution: Ask.\n",
        "# A\n\n| Symptom | Fix |\n|---|---|\n| The code is 4711 {audience staff} | Ask |\n",
        "# A\n\n| Symptom | Fix | Also |\n|---|---|---|\n| One | Ask | code 4711 {audience staff} |\n",
        "# A\n\n| Symptom | Fix | Code {audience staff} |\n|---|---|---|\n| One | Ask | 4711 |\n",
        "# A\n\n| Symptom | Fix |\n|---|---|\n| One | Ask; {audience staff}; Refund it with code 4711 |\n",
        "# A\n\n| Symptom | Fix |\n|---|---|\n| One | Refund {audience staff} ![Code 4711](a.md); Ask |\n",
        "# A\n\n## One\n\nAudience: staff\n\nCause: So.\n\nResolution: Refund it with code 4711.\n",
        "# A\n\n## One\n\n**Audience:** staff\n\nCause: So.\n\nResolution: Refund it with code 4711.\n",
        "---\ntitle: A\n---\n# A\n\n---\naudience: staff\n---\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
        "# A\n\naudience: staff\n---\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
        "+++\naudience = \"staff\"\n+++\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
        "# A\n\n## One\n\nCause: So.\n\nResolution {audience staff}:\n\n- Code 4711.\n\nFix: Ask.\n",
        "# A\n\n## One\n\nCause: So.\n\n**Resolution:** {audience staff}\n\n- Code 4711.\n- Ask.\n",
        "# A\n\n## One\n\nCause: So.\n\n### Resolution {audience staff}\n\n- Code 4711.\n- Ask.\n",
        "# A\n\n| Symptom | Fix | Audiance |\n|---|---|---|\n| Code 4711 | Ask | staff |\n",
        "---\naudiences: staff\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
        "---\nAudience: staff\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
        "---\naudience: [staff]\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
        "---\ntitle: a: \"b\naudience: staff\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n",
    ];
    for file in files {
        check_slip(&[("a.md", file)], false);
    }
    let late = "\n---\naudience: staff\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n";
    check_slip(&[("a.md", late)], true);
    let table = "# A\n\n| Symptom | Fix |\n|---|---|\n| One | Ask |\n";
    for config in
        ["[contacts.a]\nlabel = \"A\"\ntext = \"Code 4711 {audience staff}\"\n", "title = \"Code 4711 {staff}\"\n"]
    {
        check_slip(&[("kb.toml", config), ("a.md", table)], false);
    }
    check_slip(
        &[("vocabulary.toml", "[aliases]\n\"a-one\" = [\"code 4711 {audience staff}\"]\n"), ("a.md", table)],
        false,
    );
}

#[test]
fn settings_below_text_do_not_take_back_whom_the_file_is_for() {
    let text =
        "---\naudience: staff\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| Code 4711 | Ask |\n\n---\ntitle: B\n---\n";
    let mut sources = Sources::default();
    sources.add("a.md", text.into());
    let book = Book::read(&sources);
    assert_eq!(book.diagnostics.iter().map(|it| (it.line, it.code)).collect::<Vec<_>>(), [(10, "left-out")]);
    assert_eq!(book.contents(Audience::Customer).entries, []);
}

#[test]
fn braces_that_look_like_no_mark_are_text() {
    for text in [
        "Open /items/{id}",
        "Open /agents/{agent}/calls",
        "Send `{\"audience\": \"api\"}` to it",
        "Write `{audience staff} Ask them` in the cell",
        "Send {\"audience\": \"staff\"} to it",
        "Fill in {id} and {customer_id} of the order",
        "Press { to open a brace",
        "Ask (the audience) about [staff]",
    ] {
        let table = format!("# A\n\n| Symptom | Fix |\n|---|---|\n| One | {text} |\n");
        let mut sources = Sources::default();
        sources.add("a.md", table.into_bytes());
        let book = Book::read(&sources);
        assert_eq!(book.diagnostics, [], "{text}");
    }
}
