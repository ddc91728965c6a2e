use unstuck::index::text::{Piece, Style, is_safe_href, pieces, plain};

#[track_caller]
fn check(rich: &str, expected: &[Piece]) {
    assert_eq!(pieces(rich).collect::<Vec<_>>(), expected, "{rich:?}");
}

#[test]
fn marks_open_and_close() {
    check("plain", &[Piece::Text("plain")]);
    check("\u{1}a\u{7}b", &[Piece::Open(Style::Strong, ""), Piece::Text("a"), Piece::Close, Piece::Text("b")]);
    check("\u{5}#x\u{6}é\u{7}", &[Piece::Open(Style::Link, "#x"), Piece::Text("é"), Piece::Close]);
    check("", &[]);
}

#[test]
fn what_does_not_nest_is_read_as_far_as_it_goes() {
    check("\u{7}\u{7}a", &[Piece::Close, Piece::Close, Piece::Text("a")]);
    check("\u{5}#x", &[Piece::Open(Style::Link, "#x")]);
    check("\u{4}", &[Piece::Open(Style::Key, "")]);
}

#[test]
fn plain_text_has_neither_marks_nor_targets() {
    assert_eq!(plain("\u{2}a \u{3}b\u{7}\u{7} \u{5}https://x.example/\u{6}c\u{7}"), "a b c");
}

#[test]
fn only_known_schemes_are_followed() {
    for href in
        ["https://x.example/", "HTTP://x", "mailto:a@b.example", "tel:1", "/a", "a/b:c", "?q=a:b", "#a:b", "", "a"]
    {
        assert!(is_safe_href(href), "{href:?}");
    }
    for href in [
        "javascript:alert(1)",
        "JavaScript:x",
        " javascript:x",
        "java\nscript:x",
        "data:text/html,x",
        "vbscript:x",
        "blob:x",
        "x y",
    ] {
        assert!(!is_safe_href(href), "{href:?}");
    }
}
