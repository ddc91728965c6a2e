use unstuck::search::fold::words;

use crate::{check_first, found, table};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let index = table("A", &[("Café “crème” – Straße", "œuvre")]);
    let folded: Vec<String> = words(index.folding(), text).into_iter().map(|it| it.folded).collect();
    assert_eq!(folded, expected, "{text:?}");
}

#[test]
fn case_accents_width_and_quotes_do_not_matter() {
    check("CAFÉ", &["cafe"]);
    check("cafe\u{301}", &["cafe"]);
    check("ＣＡＦＥ", &["cafe"]);
    check("STRASSE straße", &["strasse", "strasse"]);
    check("Œuvre", &["oeuvre"]);
    check("can't can’t cant", &["cant", "cant", "cant"]);
    check("“crème”–brûlée…", &["creme", "brulee"]);
}

#[test]
fn punctuation_separates_and_codes_stay_whole() {
    check("GET /api/v1/calls: 401 (Unauthorized)", &["get", "api", "v1", "calls", "401", "unauthorized"]);
    check("5xx 2FA", &["5xx", "2fa"]);
    check("", &[]);
    check(" \t…—", &[]);
}

#[test]
fn a_word_keeps_its_place_in_the_text() {
    let index = table("A", &[("Café", "x")]);
    let text = "«Le Café», l’été";
    let places: Vec<&str> = words(index.folding(), text).into_iter().map(|it| &text[it.start..it.end]).collect();
    assert_eq!(places, ["Le", "Café", "l’été"]);
}

#[test]
fn a_very_long_word_is_cut_and_still_found() {
    let long = "x".repeat(5_000);
    let index = table("A", &[(&long, "Ask")]);
    check_first(&index, &long, &long);
    assert!(found(&index, &"é".repeat(100_000)).is_empty());
}

#[test]
fn another_script_is_found_as_it_is_written() {
    let index = table("A", &[("Звонки не видны", "x"), ("Rechnung fällig", "y")]);
    check_first(&index, "звонки", "Звонки не видны");
    check_first(&index, "FALLIG", "Rechnung fällig");
}
