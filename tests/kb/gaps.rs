//! Recorded events to what to write next.

use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, Gaps, Sources, gaps};

fn index() -> Index {
    let mut sources = Sources::default();
    let table = "# Trams\n\n| Symptom | Cause | Fix | Also |\n|---|---|---|---|\n| Door is stuck | Ice | Call the depot | cannot get out |\n| Horn is silent | A fuse | Change the fuse | nothing to hear |\n| Ticket machine is dark | No power | Use the next stop | screen is black |\n";
    sources.add("trams.md", table.into());
    sources.add("kb.toml", b"[moved]\n\"trams-door\" = \"trams-door-is-stuck\"\n".to_vec());
    let contents = Book::read(&sources).contents(Audience::Staff);
    Index::open(index::write(&contents)).expect("what was written can be read")
}

fn no_match(query: &str) -> String {
    format!(
        "{{\"type\":\"unstuck-no-match\",\"time\":\"2026-02-03T10:00:00Z\",\"detail\":{{\"query\":{query:?},\"area\":null}}}}"
    )
}

fn event(kind: &str, detail: &str) -> String {
    format!("{{\"type\":\"unstuck-{kind}\",\"time\":1,\"detail\":{detail}}}")
}

fn read(lines: &[String]) -> Gaps {
    gaps(&index(), lines.join("\n").as_bytes())
}

/// Searches without a match become these groups: the query that stands for it and how often.
#[track_caller]
fn check(queries: &[&str], expected: &[(&str, usize)]) {
    let found = read(&queries.iter().map(|it| no_match(it)).collect::<Vec<_>>());
    let found: Vec<(&str, usize)> = found.unanswered.iter().map(|it| (it.query.as_str(), it.count)).collect();
    assert_eq!(found, expected);
}

#[test]
fn searches_are_grouped_by_what_they_are_about() {
    // Order, form, case, and words that say little.
    check(
        &["lost umbrella", "Umbrellas lost again", "I have lost my umbrella", "lost umbrella"],
        &[("lost umbrella", 4)],
    );
    // Slips of the finger, and words that were still being typed.
    check(&["timetable", "timetable", "timetabel", "timet"], &[("timetable", 4)]);
    // One word more.
    check(&["bicycle on board", "bicycle on board rules", "bicycle on board"], &[("bicycle on board", 3)]);
    // What is about another thing stays another thing.
    check(&["lost umbrella", "lost wallet", "lost wallet"], &[("lost wallet", 2), ("lost umbrella", 1)]);
    check(&["bus", "buy"], &[("bus", 1), ("buy", 1)]);
    // Nothing that is a word, and all words that say little.
    check(&["???", "the", "???"], &[("???", 2), ("the", 1)]);
}

#[test]
fn the_order_of_the_lines_changes_nothing() {
    let queries = ["timetable", "timetabel", "lost umbrella", "umbrella lost", "lost wallet", "wallet", "bicycle"];
    let mut lines: Vec<String> = queries.iter().map(|it| no_match(it)).collect();
    let expected = read(&lines);
    for _ in 0..lines.len() {
        lines.rotate_left(1);
        assert_eq!(read(&lines), expected);
    }
    lines.reverse();
    assert_eq!(read(&lines), expected);
}

#[test]
fn the_nearest_entries_and_unknown_words_stand_beside_a_gap() {
    let found = read(&[no_match("zeppelin airport carousel depot")]);
    let gap = &found.unanswered[0];
    assert_eq!(gap.unknown, ["zeppelin", "airport", "carousel"]);
    assert_eq!(gap.answered_by, None);
    let near = &gap.nearest[0];
    assert_eq!((near.id.as_str(), near.symptom.as_str()), ("trams-door-is-stuck", "Door is stuck"));
    assert_eq!(
        (&near.has, &near.lacks),
        (&vec!["depot".to_owned()], &["zeppelin", "airport", "carousel"].map(str::to_owned).to_vec())
    );
    // Somebody wrote it in the meantime.
    let found = read(&[no_match("horn is silent")]);
    assert_eq!(found.unanswered[0].answered_by.as_deref(), Some("trams-horn-is-silent"));
}

/// What a search finds by now: whether it is an answer, or only perhaps one.
#[track_caller]
fn check_answered(query: &str, answered_by: Option<&str>, perhaps: Option<&str>) {
    let found = read(&[no_match(query)]);
    let gap = &found.unanswered[0];
    assert_eq!((gap.answered_by.as_deref(), gap.perhaps.as_deref()), (answered_by, perhaps), "{query}: {gap:?}");
}

#[test]
fn what_is_found_by_a_slip_or_beside_an_unknown_word_is_only_perhaps_an_answer() {
    check_answered("horn silent", Some("trams-horn-is-silent"), None);
    check_answered("the screen is black", Some("trams-ticket-machine-is-dark"), None);
    // One of the words is as it stands there.
    check_answered("horn silnet", Some("trams-horn-is-silent"), None);
    check_answered("silnet", None, Some("trams-horn-is-silent"));
    check_answered("flat doors stuck", None, Some("trams-door-is-stuck"));
    check_answered("zeppelin", None, None);
}

#[test]
fn a_search_without_a_match_counts_once_whichever_of_its_two_events_was_recorded() {
    let search = |count: u8| event("search", &format!("{{\"query\":\"lost wallet\",\"area\":null,\"count\":{count}}}"));
    assert_eq!(read(&[search(0), no_match("lost wallet")]).unanswered[0].count, 1);
    assert_eq!(read(&[search(0)]).unanswered[0].count, 1);
    assert!(read(&[search(3)]).unanswered.is_empty());
}

#[test]
fn searches_whose_text_was_not_recorded_are_counted() {
    let found = read(&[
        event("no-match", "{\"area\":null}"),
        event("search", "{\"area\":null,\"count\":0}"),
        event("no-match", "{}"),
    ]);
    assert_eq!((found.private, found.unanswered.len(), found.bad.len()), (2, 0, 0));
}

#[test]
fn entries_that_did_not_help_are_ranked_under_the_id_that_they_have_now() {
    let of = |kind: &str, id: &str| event(kind, &format!("{{\"id\":\"{id}\",\"steps\":1,\"seconds\":9}}"));
    let found = read(&[
        of("not-resolved", "trams-horn-is-silent"),
        of("not-resolved", "trams-door"),
        of("not-resolved", "trams-door-is-stuck"),
        of("resolved", "trams-door-is-stuck"),
        event("entry-opened", "{\"id\":\"trams-door-is-stuck\",\"from\":\"search\"}"),
        event("escalated", "{\"contact\":null,\"id\":\"trams-door\",\"query\":\"x\",\"summary\":\"\",\"context\":{}}"),
        of("not-resolved", "trams-gone"),
        of("resolved", "trams-ticket-machine-is-dark"),
    ]);
    let ranked: Vec<_> = found
        .unhelpful
        .iter()
        .map(|it| (it.id.as_str(), it.not_resolved, it.resolved, it.opened, it.escalated, it.symptom.as_str()))
        .collect();
    assert_eq!(
        ranked,
        [
            ("trams-door-is-stuck", 2, 1, 1, 1, "Door is stuck"),
            ("trams-gone", 1, 0, 0, 0, ""),
            ("trams-horn-is-silent", 1, 0, 0, 0, "Horn is silent"),
        ]
    );
}

#[test]
fn a_hand_over_without_an_entry_says_what_was_missing() {
    let escalated =
        event("escalated", "{\"contact\":null,\"id\":null,\"query\":\"lost wallet\",\"summary\":\"\",\"context\":{}}");
    let found = read(&[no_match("wallet lost"), escalated]);
    assert_eq!((found.unanswered[0].count, found.unanswered[0].escalated), (1, 1));
}

/// The line that cannot be read has the number 2 and is named so; the others count.
#[track_caller]
fn check_bad(line: &[u8], message: &str) {
    let mut events = no_match("lost wallet").into_bytes();
    events.push(b'\n');
    events.extend(line);
    events.extend(b"\r\n\r\n");
    events.extend(no_match("lost wallet").into_bytes());
    let found = gaps(&index(), &events);
    let bad: Vec<(usize, &str)> = found.bad.iter().map(|it| (it.line, it.message.as_str())).collect();
    assert_eq!(bad, [(2, message)]);
    assert_eq!((found.lines, found.unanswered[0].count), (3, 2));
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_the_rest_counts() {
    check_bad(b"nonsense", "expected a JSON object, found other text at column 2");
    check_bad(
        b"{\"type\": \"unstuck-no-match\", ",
        "expected a JSON object, found an object that is cut off at column 30",
    );
    check_bad(b"[1]", "expected a JSON object, found a list");
    check_bad(b"{\"time\": 1}", "expected a text as \"type\", found none");
    check_bad(b"{\"type\": 7}", "expected a text as \"type\", found a number");
    check_bad(b"{\"type\":\"unstuck-no-match\"}", "expected an object as \"detail\" of unstuck-no-match, found none");
    check_bad(
        b"{\"type\":\"unstuck-no-match\",\"detail\":{\"query\":3}}",
        "expected a text as \"query\" of unstuck-no-match, found a number",
    );
    check_bad(
        b"{\"type\":\"unstuck-search\",\"detail\":{\"query\":\"x\"}}",
        "expected a number as \"count\" of unstuck-search",
    );
    check_bad(
        b"{\"type\":\"unstuck-resolved\",\"detail\":{}}",
        "expected a text as \"id\" of unstuck-resolved, found none",
    );
    check_bad(b"{\"type\":\"caf\xe9\"}", "expected UTF-8, found other bytes");
}

#[test]
fn other_types_are_counted_and_say_nothing() {
    let found = read(&[event("ready", "{}"), "{\"type\":\"page-view\"}".into(), event("ready", "{}")]);
    assert_eq!(found.types.into_iter().collect::<Vec<_>>(), [("page-view".into(), 1), ("unstuck-ready".into(), 2)]);
    assert!(found.bad.is_empty());
    assert_eq!(gaps(&index(), b""), Gaps::default());
}

#[test]
fn however_many_searches_are_sent_they_are_read_in_time() {
    let index = index();
    let line = |it: usize| event("no-match", &format!("{{\"query\":\"thingummy q{it}x\"}}"));
    let events: Vec<String> = (0..8_000).map(line).collect();
    let start = std::time::Instant::now();
    gaps(&index, events.join("\n").as_bytes());
    // A second or two where nobody else is at work.
    assert!(start.elapsed() < std::time::Duration::from_mins(1), "{:?}", start.elapsed());
}
