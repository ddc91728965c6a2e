//! Search quality on a set of queries, as `unstuck eval` measures it.

use std::fs;

use serde_json::Value;

use unstuck::search;

use crate::{kb, repository};

/// The share of answerable queries whose first hit is right must not fall
/// below this. A tuned JavaScript library reaches 0.735 on the same queries.
const MIN_SUCCESS_AT_1: f64 = 0.90;

#[test]
fn what_people_type_finds_the_right_entry_first() {
    let index = kb();
    let text = fs::read_to_string(repository("tests/search/queries.jsonl")).expect("the queries are in the tree");
    let (mut right, mut asked) = (0, 0);
    for line in text.lines() {
        let query: Value = serde_json::from_str(line).expect("a query is JSON");
        let expected: Vec<&str> =
            query["expect"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        if expected.is_empty() {
            continue;
        }
        let area = query["area"]
            .as_str()
            .and_then(|it| index.areas().iter().position(|area| area.title == it || area.id == it));
        let hits = search::run(&index, query["q"].as_str().expect("a text"), area).hits;
        asked += 1;
        right += u32::from(hits.first().is_some_and(|it| expected.contains(&index.summary(it.doc).id.as_str())));
    }
    let success = f64::from(right) / f64::from(asked);
    assert!(asked > 100 && success >= MIN_SUCCESS_AT_1, "success at 1 is {success:.3} of {asked}");
}
