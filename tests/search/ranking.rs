use unstuck::search::{self, answers};

use crate::{check_first, found, kb, table};

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
    let terms = search::run(&index, "charged twice", None).terms;
    let text = "Ché: charged — TWICE!";
    let marked: Vec<&str> = search::marks(index.folding(), text, &terms).into_iter().map(|it| &text[it]).collect();
    assert_eq!(marked, ["charged", "TWICE"]);
    assert!(search::marks(index.folding(), text, &[]).is_empty());
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
