use unstuck::search::fold::words;
use unstuck::search::{self, Highlighter};

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

#[test]
fn scripts_without_spaces_are_read_in_pairs() {
    check("通話が聞こえない", &["通話", "話が", "が聞", "聞こ", "こえ", "えな", "ない"]);
    check("VPN接続", &["vpn", "接続"]);
    check("音", &["音"]);
    check("เสียง", &["เส", "สี", "ีย", "ยง"]);
}

#[test]
fn a_part_of_a_sentence_without_spaces_finds_it() {
    let rows = [
        ("通話の録音が再生できない", "x"),
        ("請求書の金額が違う", "y"),
        ("ไม่มีเสียงจากการบันทึก", "z"),
        ("녹음이 재생되지 않음", "w"),
        ("验证邮件没有收到", "v"),
    ];
    let index = table("A", &rows);
    for (query, expected) in [
        ("録音", 0),
        ("再生できない", 0),
        ("録", 0),
        ("請求書が違う", 1),
        ("金額", 1),
        ("เสียง", 2),
        ("บันทึก", 2),
        ("녹음", 3),
        ("邮件", 4),
        ("没收到验证邮件", 4),
    ] {
        check_first(&index, query, rows[expected].0);
    }
    assert!(found(&index, "天気予報").is_empty());
}

#[test]
fn what_matched_without_spaces_is_marked_in_one_piece() {
    let index = table("A", &[("通話の録音が再生できない", "x")]);
    let highlighter = Highlighter::new(&index, &search::run(&index, "録音が", None));
    assert_eq!(
        highlighter.marks(index.folding(), "通話の録音が再生"),
        std::slice::from_ref(&("通話の".len().."通話の録音が".len())),
        "{highlighter:?}"
    );
}

#[test]
fn right_to_left_text_is_found_with_and_without_its_points() {
    let index = table("A", &[("הקלטה לא מתנגנת", "x"), ("لا يمكن تشغيل التسجيل", "y")]);
    check_first(&index, "הקלטה", "הקלטה לא מתנגנת");
    check_first(&index, "הַקְלָטָה", "הקלטה לא מתנגנת");
    check_first(&index, "التسجيل", "لا يمكن تشغيل التسجيل");
    check_first(&index, "التَّسْجِيل", "لا يمكن تشغيل التسجيل");
}
