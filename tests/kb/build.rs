//! What a build writes.

use serde_json::Value;
use unstuck::index::{Index, StepKind};
use unstuck::kb::{Audience, Book, Sources};

use crate::{kb, kb_sources};

fn file(audience: Audience, path: &str) -> Vec<u8> {
    let build = kb().build(audience);
    build.files.into_iter().find(|it| it.path == path).expect("the build has this file").bytes
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    for audience in Audience::ALL {
        assert_eq!(kb().build(audience).files, kb().build(audience).files);
    }
}

#[test]
fn the_order_in_which_files_are_read_does_not_matter() {
    let forward = kb_sources();
    let mut backward = Sources::default();
    let paths: Vec<String> = kb().build(Audience::Staff).files.iter().map(|it| it.path.clone()).collect();
    let mut names: Vec<&str> =
        vec!["kb.toml", "vocabulary.toml", "images/active-contacts.svg", "images/contact-options.svg"];
    let mut markdown: Vec<String> = std::fs::read_dir(crate::repository("kb"))
        .expect("kb/ is there")
        .map(|it| it.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .filter(|it| it.ends_with(".md"))
        .collect();
    markdown.sort();
    names.extend(markdown.iter().map(String::as_str));
    for name in names.into_iter().rev() {
        backward.add(name, forward.get(name).expect("it was read").to_vec());
    }
    let files = unstuck::kb::Book::read(&backward).build(Audience::Staff).files;
    assert_eq!(files.iter().map(|it| it.path.clone()).collect::<Vec<_>>(), paths);
    assert_eq!(files, kb().build(Audience::Staff).files);
}

#[test]
fn the_manifest_comes_last_and_names_an_index_that_fits() {
    let build = kb().build(Audience::Customer);
    let last = build.files.last().expect("there are files");
    assert_eq!(last.path, "customer.json");
    let manifest: Value = serde_json::from_slice(&last.bytes).expect("the manifest is JSON");
    assert_eq!(manifest["format"], 2);
    let language = &manifest["languages"]["en"];
    let index = build.files.iter().find(|it| it.path == language["file"]).expect("the index is there").bytes.clone();
    assert_eq!(language["bytes"], index.len());
    let sum = language["sha256"].as_str().expect("the sum is text");
    assert!(sum.len() == 64 && language["file"].as_str().is_some_and(|it| it == format!("{}.bin", &sum[..16])));
    // Base64 of the same sum, as `integrity` wants it.
    let integrity = language["integrity"].as_str().expect("integrity is text");
    assert!(integrity.starts_with("sha256-") && integrity.len() == 7 + 44 && integrity.ends_with('='));
    assert_eq!(Index::open(index).expect("the index can be opened").n_entries(), 43);
}

#[test]
fn the_json_form_holds_every_entry() {
    let json: Value = serde_json::from_slice(&file(Audience::Customer, "customer.entries.json")).expect("it is JSON");
    assert_eq!(json["format"], 2);
    assert_eq!(json["entries"].as_array().map(Vec::len), Some(43));
    assert_eq!(json["entries"][0]["id"], "login-access-invalid-email-or-password");
    assert_eq!(json["entries"][5]["steps"][0]["kind"]["wait"]["minutes"], 15);
}

#[test]
fn the_fallback_holds_every_answer_and_nothing_that_a_policy_forbids() {
    let contents = kb().contents(Audience::Customer);
    let page = String::from_utf8(file(Audience::Customer, "customer.html")).expect("HTML is text");
    let mut fragments = String::new();
    for area in &contents.areas {
        fragments +=
            &String::from_utf8(file(Audience::Customer, &format!("customer/{}.html", area.id))).expect("HTML is text");
    }
    for html in [&page, &fragments] {
        for it in &contents.entries {
            assert!(html.contains(&format!("<details id=\"{}\">", it.id)), "{}", it.id);
        }
        assert_eq!(html.matches("<summary>").count(), 43);
        for forbidden in ["<script", "<style", "style=", "onclick", "javascript:"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
    }
    assert!(
        page.contains("When all else fails")
            && page.contains("<kbd>") == contents.entries.iter().any(|it| it.symptom.contains('\u{4}'))
    );
}

#[test]
fn what_authors_write_cannot_break_out_of_the_fallback() {
    let mut sources = Sources::default();
    sources.add("a.md", "# A & B\n\n| Symptom | Fix |\n|---|---|\n| \"x\" \\< y & `<b>` | [a](/?a&b=\"c\") |\n".into());
    let book = unstuck::kb::Book::read(&sources);
    let build = book.build(Audience::Customer);
    let html = build.files.iter().find(|it| it.path == "customer.html").expect("there is a page");
    let html = String::from_utf8_lossy(&html.bytes);
    assert!(html.contains("<summary>&quot;x&quot; &lt; y &amp; <code>&lt;b&gt;</code></summary>"), "{html}");
}

#[test]
fn what_authors_write_cannot_break_out_of_the_single_file() {
    let mut sources = Sources::default();
    sources.add("kb.toml", "title = \"</title><script>alert(1)</script>\"\n".into());
    sources.add("a.md", "# A\n\n| Symptom | Fix |\n|---|---|\n| `</script>` and \\<!-- | Look. |\n".into());
    let book = unstuck::kb::Book::read(&sources);
    let single = book.single_file(Audience::Customer, "let a = 1;");
    let scripts: Vec<&str> = single.html.split("<script").skip(1).collect();
    // Data, but for the last.
    assert!(scripts[..scripts.len() - 1].iter().all(|it| it.starts_with(" type=\"application/octet-stream\"")));
    assert!(scripts[scripts.len() - 1].starts_with(" type=\"module\">let a = 1;</script>"), "{}", single.html);
    assert_eq!(single.html.matches("</script>").count(), scripts.len());
    assert!(single.html.contains(&format!("script-src '{}' 'wasm-unsafe-eval'", single.script_hash)));
}

#[test]
fn a_translation_has_the_originals_ids_kinds_and_audiences() {
    let mut sources = Sources::default();
    let original = "# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n\
        | Charged twice | {audience customer} By mistake.; {audience staff} A webhook. | Wait 15 minutes.; Contact support. |\n\
        | Card declined | It expired. | Update the card. |\n";
    let translated = "# Facturas\n\n| Síntoma | Causa | Qué hacer | Id |\n|---|---|---|---|\n\
        | Cobro doble | Por error. {audience customer}; Secreto. {audience customer} | Espera 15 minutos.; Contacta con soporte. | billing-charged-twice |\n";
    let config = "[contacts.support]\nlabel = \"Support\"\n";
    for (path, text) in [("kb.toml", config), ("a.md", original), ("es/a.md", translated)] {
        sources.add(path, text.as_bytes().to_vec());
    }
    let book = Book::read(&sources);
    assert!(book.diagnostics.is_empty(), "{:?}", book.diagnostics);
    assert_eq!(book.languages().collect::<Vec<_>>(), ["en", "es"]);
    let contents = book.in_language("ES").expect("it is translated").contents(Audience::Customer);
    assert_eq!((contents.lang.as_str(), contents.areas[0].title.as_str()), ("es", "Facturas"));
    assert_eq!(contents.areas[0].id, "billing");
    let [first, second] = contents.entries.as_slice() else { panic!("two entries") };
    assert_eq!(
        (first.id.as_str(), first.lang.as_str(), first.symptom.as_str()),
        ("billing-charged-twice", "", "Cobro doble")
    );
    // The original says what is for whom: what the translation says of it does not count.
    assert_eq!(first.causes, ["Por error."]);
    let kinds: Vec<StepKind> = first.resolution.steps.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [StepKind::Wait { minutes: 15 }, StepKind::Escalate { contact: 0 }]);
    assert_eq!((second.lang.as_str(), second.symptom.as_str()), ("en", "Card declined"));

    let files = book.build(Audience::Customer).files;
    let names: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
    for name in [
        "customer.html",
        "customer.es.html",
        "customer.es.entries.json",
        "customer/billing.html",
        "customer/es/billing.html",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let manifest: Value = serde_json::from_slice(&files.last().expect("a manifest").bytes).expect("it is JSON");
    let languages = manifest["languages"].as_object().expect("languages");
    assert_eq!(languages.keys().collect::<Vec<_>>(), ["en", "es"]);
    assert!(files.iter().any(|it| it.path == languages["es"]["file"].as_str().expect("a file")));
    let page = files.iter().find(|it| it.path == "customer.es.html").expect("a page");
    let page = String::from_utf8_lossy(&page.bytes);
    assert!(
        page.contains("<html lang=\"es\">") && page.contains("<details id=\"billing-card-declined\" lang=\"en\">"),
        "{page}"
    );
}
