//! The state machine: what a person does, what follows, what the world is told.

mod random;
mod remembered;
mod routes;
mod told;
mod worked;

use std::fs;
use std::path::Path;

use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::session::{ANSWERS_AT_A_TIME, ENTRIES_AT_A_TIME, Effect, Event, From, State, Time, step};

/// When the tests begin.
const NOW: Time = 1_700_000_000;

fn index() -> Index {
    index_for(Audience::Customer)
}

fn index_for(audience: Audience) -> Index {
    let mut sources = Sources::default();
    for it in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("kb")).expect("kb/ is there") {
        let path = it.expect("kb/ can be listed").path();
        if path.is_file() {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            sources.add(name, fs::read(&path).expect("kb/ can be read"));
        }
    }
    let contents = Book::read(&sources).contents(audience);
    Index::open(index::write(&contents)).expect("what was written can be read")
}

/// Lets events happen one after the other; the last state, and all effects that
/// a host is told of.
fn run(index: &Index, events: impl IntoIterator<Item = Event>) -> (State, Vec<Effect>) {
    let (state, mut effects) = run_with_announcements(index, events);
    effects.retain(|it| !matches!(it, Effect::Announced { .. } | Effect::Moved { .. } | Effect::Progressed));
    (state, effects)
}

fn run_with_announcements(index: &Index, events: impl IntoIterator<Item = Event>) -> (State, Vec<Effect>) {
    let mut state = State::default();
    let mut effects = Vec::new();
    for it in events {
        let (next, more) = step(index, &state, it, NOW);
        state = next;
        effects.extend(more);
    }
    (state, effects)
}

fn typed(text: &str) -> Event {
    Event::Typed(text.into())
}

fn names(effects: &[Effect]) -> Vec<&str> {
    effects.iter().map(Effect::name).collect()
}

fn doc(index: &Index, id: &str) -> u32 {
    index.find(id).expect("there is this entry")
}

#[test]
fn a_search_is_reported_once_when_the_person_pauses() {
    let index = index();
    let (_, effects) = run(&index, [typed("c"), typed("ca"), typed("card"), Event::Paused, Event::Paused]);
    let [Effect::Searched { query, area: None, count }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(query, "card");
    assert!(*count > 0);
}

#[test]
fn the_number_of_answers_is_said_once_after_what_a_person_did() {
    let index = index();
    let said = |events: Vec<Event>| -> Vec<usize> {
        let effects = run_with_announcements(&index, events).1;
        effects
            .into_iter()
            .filter_map(|it| if let Effect::Announced { count } = it { Some(count) } else { None })
            .collect()
    };
    assert_eq!(said(vec![typed("zzz"), typed("zzz qqq"), Event::Paused, Event::Paused]), [0]);
    assert_eq!(said(vec![Event::AreaChosen(index.area("billing")), Event::Paused]), [4]);
    assert_eq!(
        said(vec![Event::AreaSet(index.area("billing")), Event::QuerySet("card".into()), Event::Paused]),
        [0; 0]
    );
    assert_eq!(said(vec![typed("card"), Event::EntryToggled { doc: 14 }, Event::Paused]), [0; 0]);
}

#[test]
fn no_match_is_reported_with_the_search() {
    let index = index();
    let (_, effects) = run(&index, [typed("zzz qqq"), Event::Paused]);
    assert_eq!(names(&effects), ["search", "no-match"]);
}

#[test]
fn nothing_typed_is_no_search() {
    let index = index();
    let (_, effects) = run(&index, [typed("  "), Event::Paused, typed(""), Event::Paused, Event::AreaChosen(Some(1))]);
    assert!(effects.is_empty(), "{effects:?}");
}

#[test]
fn opening_a_result_ends_the_typing() {
    let index = index();
    let twice = doc(&index, "billing-charged-twice");
    let (state, effects) = run(&index, [typed("charged twice"), Event::EntryToggled { doc: twice }, Event::Paused]);
    assert_eq!(state.open, Some(twice));
    assert_eq!(names(&effects), ["search", "entry-opened"]);
    assert_eq!(effects[1], Effect::EntryOpened { doc: twice, from: From::Search });
}

#[test]
fn an_entry_closes_as_it_opened_and_says_nothing() {
    let index = index();
    let (state, effects) = run(&index, [Event::EntryToggled { doc: 3 }, Event::EntryToggled { doc: 3 }]);
    assert_eq!(state.open, None);
    assert_eq!(effects, [Effect::EntryOpened { doc: 3, from: From::Area }]);
}

#[test]
fn one_entry_is_open_at_a_time() {
    let index = index();
    let (state, _) = run(&index, [Event::EntryToggled { doc: 3 }, Event::EntryToggled { doc: 4 }]);
    assert_eq!(state.open, Some(4));
}

#[test]
fn another_query_or_area_closes_the_entry_and_starts_at_the_top() {
    let index = index();
    for event in [typed("card"), Event::AreaChosen(Some(0)), Event::QuerySet("card".into()), Event::AreaSet(Some(0))] {
        let (state, _) = run(&index, [Event::MoreWanted, Event::EntryToggled { doc: 3 }, event.clone()]);
        let page = if state.query.is_empty() { ENTRIES_AT_A_TIME } else { ANSWERS_AT_A_TIME };
        assert_eq!((state.open, state.limit()), (None, page), "{event:?}");
    }
}

#[test]
fn a_link_leads_to_its_entry_through_every_filter() {
    let index = index();
    let guide = doc(&index, "stuck-contacts-clearing-a-stuck-contact");
    let billing = index.area("billing");
    let (state, effects) = run(&index, [typed("card"), Event::AreaChosen(billing), Event::LinkFollowed { doc: guide }]);
    assert_eq!((state.open, state.area, state.query.as_str()), (Some(guide), None, ""));
    assert!(state.found(&index).hits.iter().take(state.limit()).any(|it| it.doc == guide), "it is on the shown page");
    assert_eq!(effects.last(), Some(&Effect::EntryOpened { doc: guide, from: From::Link }));
}

#[test]
fn a_host_is_not_told_what_it_did() {
    let index = index();
    let events = [
        Event::QuerySet("card".into()),
        Event::Paused,
        Event::AreaSet(Some(3)),
        Event::EntrySet(Some(14)),
        Event::EntrySet(None),
        Event::AreasSet(vec![3]),
        Event::Reset,
    ];
    assert_eq!(run(&index, events).1, []);
}

#[test]
fn areas_that_do_not_exist_here_have_no_entries() {
    let index = index();
    let (billing, calls) = (index.area("billing").expect("it is there"), index.area("calls").expect("it is there"));
    let (state, _) = run(
        &index,
        [
            Event::AreasSet(vec![billing]),
            Event::AreaSet(Some(calls)),
            Event::EntrySet(Some(doc(&index, "calls-new-calls-not-appearing"))),
        ],
    );
    assert_eq!((state.area, state.open), (None, None));
    assert!(state.found(&index).hits.iter().all(|it| index.area_of(it.doc) == billing));
}

#[test]
fn starting_over_keeps_which_areas_exist() {
    let index = index();
    let (state, _) =
        run(&index, [Event::AreasSet(vec![3]), typed("card"), Event::EntryToggled { doc: 14 }, Event::Reset]);
    assert_eq!(state, State { areas: vec![3], ..State::default() });
}

#[test]
fn a_clear_answer_opens_when_the_person_pauses_and_not_before() {
    let index = index();
    let twice = doc(&index, "billing-charged-twice");
    let (state, _) = run(&index, [typed("charged twice")]);
    assert_eq!(state.open, None);
    let (state, effects) = run(&index, [typed("charged twice"), Event::Paused]);
    assert_eq!(state.open, Some(twice));
    assert_eq!(names(&effects), ["search"], "the person opened nothing");
    let toggled = Event::EntryToggled { doc: twice };
    let (state, effects) = run(&index, [typed("charged twice"), Event::Paused, toggled.clone()]);
    assert_eq!(state.open, Some(twice), "whoever pressed it just then wanted it open");
    assert_eq!(names(&effects), ["search", "entry-opened"]);
    let (state, _) = run(&index, [typed("charged twice"), Event::Paused, toggled.clone(), toggled.clone()]);
    assert_eq!(state.open, None);
    let (state, _) =
        run(&index, [typed("charged twice"), Event::Paused, Event::Paused, toggled.clone(), Event::Paused]);
    assert_eq!(state.open, None, "what the person closed stays closed");
}

#[test]
fn an_answer_that_is_pressed_opens_though_what_was_typed_last_does_not_find_it() {
    let index = index();
    let twice = doc(&index, "billing-charged-twice");
    let (state, effects) = run(&index, [typed("captcha"), Event::EntryToggled { doc: twice }]);
    assert_eq!((state.open, state.query.as_str()), (Some(twice), ""));
    assert_eq!(names(&effects), ["search", "entry-opened"]);
}

#[test]
fn an_offer_is_opened_where_it_can_be_seen() {
    let index = index();
    let twice = doc(&index, "billing-charged-twice");
    let calls = index.area("calls");
    let (state, effects) =
        run(&index, [typed("charged twice"), Event::AreaChosen(calls), Event::OfferTaken { doc: twice }]);
    assert_eq!((state.open, state.area, state.query.as_str()), (Some(twice), None, "charged twice"));
    assert_eq!(effects.last(), Some(&Effect::EntryOpened { doc: twice, from: From::Search }));
}

#[test]
fn what_was_offered_for_an_error_is_opened_as_if_asked_with_it() {
    let index = index();
    let past_due = doc(&index, "billing-invoice-past-due");
    let taken = Event::SuggestionTaken { doc: past_due, query: "Your card was declined.".into() };
    let (state, effects) = run(&index, [typed("captcha"), Event::AreaChosen(index.area("calls")), taken]);
    assert_eq!((state.open, state.area, state.query.as_str()), (Some(past_due), None, "Your card was declined."));
    // What was typed before is still told.
    assert_eq!(names(&effects), ["search", "no-match", "entry-opened"]);
    assert_eq!(effects.last(), Some(&Effect::EntryOpened { doc: past_due, from: From::Suggestion }));
}

/// Resolutions of a large knowledge base come in files: sixty entries that say
/// enough for several.
fn index_in_blocks() -> Index {
    let fix = "Look at the row of this number and compare it with the list. ".repeat(40);
    let rows: String = (0..60).map(|it| format!("| Fault {it} | {fix}|\n")).collect();
    let mut sources = Sources::default();
    sources.add("a.md", format!("# A\n\n| Symptom | Fix |\n|---|---|\n{rows}").into_bytes());
    Index::open(index::write_for_pages(&Book::read(&sources).contents(Audience::Customer)).index).expect("it is sound")
}

#[test]
fn an_entry_whose_steps_are_elsewhere_asks_for_them() {
    let index = index_in_blocks();
    let (first, last) = (0, index.n_entries() - 1);
    let wanted = |doc| Effect::BlockWanted { file: index.block(doc).expect("it is in a block") };
    let failed = |doc| Event::BlockEnded { file: index.block(doc).expect("it is in a block") };
    assert_ne!(wanted(first), wanted(last), "the case needs two files");
    let (state, effects) = run(&index, [Event::EntrySet(Some(first))]);
    assert_eq!((state.unreachable, effects), (false, vec![wanted(first)]));
    let (state, _) = run(&index, [Event::EntrySet(Some(first)), failed(first)]);
    assert!(state.unreachable);
    // A failure that comes late is not about the entry that is open by then.
    let (state, _) = run(&index, [Event::EntrySet(Some(first)), Event::EntrySet(Some(last)), failed(first)]);
    assert!(!state.unreachable);
    let (state, effects) = run(&index, [Event::EntrySet(Some(first)), failed(first), Event::Retried]);
    assert_eq!((state.unreachable, effects), (false, vec![wanted(first), wanted(first)]));
    let (state, effects) = run(&index, [Event::EntrySet(Some(first)), failed(first), Event::EntrySet(Some(last))]);
    assert_eq!((state.unreachable, effects), (false, vec![wanted(first), wanted(last)]));
}
