use unstuck::search::{self, Highlighter, Scope, answers};

use crate::{check_first, found, kb, queries, sets, table};

#[test]
fn a_prefix_finds_while_it_is_typed() {
    let index = kb();
    let symptom = "Call has no disposition";
    for end in 3.."disposition".len() {
        let query = &"disposition"[..end];
        assert!(found(&index, query).contains(&symptom.to_owned()), "{query}");
    }
}

#[test]
fn a_finished_word_is_no_prefix() {
    let index = table("A", &[("Callback fails", "x")]);
    assert_eq!(found(&index, "call"), ["Callback fails"]);
    assert!(found(&index, "call ").is_empty());
}

#[test]
fn slips_of_the_finger_are_forgiven_in_longer_words() {
    let index = table("A", &[("Captcha failed", "x"), ("Forecast off", "y"), ("Bus", "z")]);
    for query in ["capcha ", "catpcha ", "captchaa ", "cpatcha "] {
        check_first(&index, query, "Captcha failed");
    }
    check_first(&index, "foercats ", "Forecast off");
    assert!(found(&index, "bux ").is_empty());
}

#[test]
fn the_symptom_counts_more_than_the_cause() {
    let index = table("A", &[("Late", "Pay the invoice"), ("Invoice wrong", "Ask")]);
    assert_eq!(found(&index, "invoice "), ["Invoice wrong", "Late"]);
}

#[test]
fn words_that_say_little_neither_help_nor_hurt() {
    let index = table("A", &[("The the of my", "x"), ("Charged twice", "y")]);
    check_first(&index, "please help me, i have been charged twice", "Charged twice");
    check_first(&index, "of the", "The the of my");
}

#[test]
fn what_is_about_something_else_finds_nothing() {
    let index = kb();
    for query in ["zzz qqq", "weather tomorrow in lisbon", "§§§"] {
        assert!(found(&index, query).is_empty() || query == "§§§", "{query}");
    }
}

#[test]
fn a_query_without_words_lists_everything_in_its_order() {
    let index = kb();
    for query in ["", "  ", "§§§", "'"] {
        let hits = search::run(&index, query, None).hits;
        assert_eq!(hits.iter().map(|it| it.doc).collect::<Vec<_>>(), (0..43).collect::<Vec<_>>());
    }
}

#[test]
fn an_area_is_a_hard_filter() {
    let index = kb();
    let billing = index.area("billing").expect("there is this area");
    let hits = search::run(&index, "calls", Some(billing)).hits;
    assert!(hits.iter().all(|it| index.area_of(it.doc) == billing));
    assert_eq!(search::run(&index, "", Some(billing)).hits.len(), 4);
}

#[test]
fn what_does_not_exist_here_is_not_found() {
    let index = kb();
    let areas = [index.area("billing").expect("there is this area")];
    let found = search::run(&index, "calls are not appearing", Scope { area: None, areas: &areas });
    assert!(found.hits.iter().chain(&found.near).chain(&found.elsewhere).all(|it| index.area_of(it.doc) == areas[0]));
    assert_eq!(search::run(&index, "", Scope { area: None, areas: &areas }).hits.len(), 4);
}

#[test]
fn a_clearly_better_answer_in_another_area_is_offered() {
    let index = kb();
    let elsewhere =
        |query, area| search::run(&index, query, index.area(area)).elsewhere.map(|it| index.summary(it.doc).id);
    assert_eq!(elsewhere("charged twice", "calls").as_deref(), Some("billing-charged-twice"));
    assert_eq!(elsewhere("charged twice", "billing"), None);
    assert_eq!(elsewhere("weather tomorrow", "billing"), None);
}

#[test]
fn a_clear_answer_is_told_from_one_of_several() {
    let index = kb();
    let is_clear = |query| search::run(&index, query, None).is_clear;
    for query in
        ["charged twice", "login screen says captcha failed", "i have been charged two times for the same month"]
    {
        assert!(is_clear(query), "{query}");
    }
    for query in ["calls", "export", "email", "c", "", "weather tomorrow"] {
        assert!(!is_clear(query), "{query}");
    }
}

#[test]
fn what_is_not_sure_enough_is_offered_instead_of_given() {
    let index = kb();
    let mut offered = 0;
    for query in sets().iter().flat_map(|it| queries(it.0)) {
        let found = search::run(&index, &query.text, None);
        assert!(found.near.len() <= 3 && (found.near.is_empty() || found.hits.is_empty()), "{:?}", query.text);
        offered += usize::from(!found.near.is_empty());
    }
    assert!(offered > 30, "only {offered}");
    assert!(search::run(&index, "weather tomorrow", None).near.is_empty());
}

#[test]
fn joined_and_split_words_meet() {
    let index = table("A", &[("Cannot log in", "x"), ("Playbook is empty", "y"), ("Web hook fails", "z")]);
    check_first(&index, "login ", "Cannot log in");
    check_first(&index, "play book ", "Playbook is empty");
    check_first(&index, "webhook ", "Web hook fails");
}

#[test]
fn a_code_finds_its_family() {
    let index = table("A", &[("5xx errors", "x"), ("403 Forbidden", "y"), ("Slow", "z")]);
    check_first(&index, "503 ", "5xx errors");
    check_first(&index, "HTTP/1.1 502 Bad Gateway", "5xx errors");
    check_first(&index, "ERR_403", "403 Forbidden");
    assert!(found(&index, "700 ").is_empty());
}

#[test]
fn the_telling_part_of_a_pasted_error_is_found() {
    let index = kb();
    let trace = "    at Object.<anonymous> (/srv/app/node_modules/pg/lib/client.js:132:17)\n".repeat(60);
    for (text, expected) in [
        (
            "{\"error\":{\"code\":403,\"type\":\"insufficient_scope\"},\"request_id\":\"7f3a\"}",
            "api-integrations-403-forbidden",
        ),
        (
            "2026-11-21T09:14:22.113Z ERROR [http] GET /api/v1/calls -> 401 (Unauthorized) in 38 ms",
            "api-integrations-401-unauthorized",
        ),
        (
            &format!("Traceback:\n{trace}CaptchaFailedError: captcha failed on login screen\n"),
            "login-access-login-screen-says-captcha-failed",
        ),
        (&format!("InvalidEmailOrPassword\n{trace}"), "login-access-invalid-email-or-password"),
    ] {
        let first = search::run(&index, text, None).hits.first().map(|it| index.summary(it.doc).id);
        assert_eq!(first.as_deref(), Some(expected), "{}", &text[..60.min(text.len())]);
    }
}

#[test]
fn an_answer_says_which_of_its_words_matched() {
    let index = kb();
    let found = search::run(&index, "chraged TWICE", None);
    let answer = answers(&index, &found, 1).remove(0);
    assert_eq!((answer.id.as_str(), answer.area.as_str()), ("billing-charged-twice", "billing"));
    assert_eq!(answer.symptom, "Charged twice");
    assert!(answer.matched.starts_with(&["Charged".into(), "twice".into()]), "{:?}", answer.matched);
    assert!(answer.score > 0);
}

#[test]
fn marks_stand_where_the_words_do() {
    let index = kb();
    let text = "Ché: charged — TWICE!";
    let marked = |query: &str| -> Vec<&str> {
        let highlighter = Highlighter::new(&index, &search::run(&index, query, None));
        highlighter.marks(index.folding(), text).into_iter().map(|it| &text[it]).collect()
    };
    assert_eq!(marked("charged twice"), ["charged", "TWICE"]);
    assert_eq!(marked("charg"), ["charged"]);
    assert!(marked("").is_empty());
}

#[test]
fn no_query_makes_it_panic() {
    let index = kb();
    let mut seed = 7u32;
    for _ in 0..2_000 {
        let query: String = (0..12)
            .filter_map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from_u32(match seed >> 29 {
                    0 => seed >> 8 & 0x1f_ffff,
                    1 => 0x300 + (seed >> 8 & 0x7f),
                    2 => 0x20,
                    _ => 0x61 + (seed >> 8) % 26,
                })
            })
            .collect();
        let found = search::run(&index, &query, None);
        assert!(found.hits.iter().all(|it| it.doc < index.n_entries()));
    }
}
