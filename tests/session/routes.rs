//! Links to this page, back and forward.

use unstuck::index::{Index, write};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::session::{Effect, Event, From};

use crate::{doc, index, run, run_with_announcements, typed};

fn routed(id: &str, step: Option<usize>) -> Event {
    Event::Routed { id: id.into(), step }
}

fn moves(effects: &[Effect]) -> Vec<(Option<u32>, usize, bool)> {
    let place = |it: &Effect| match it {
        Effect::Moved { doc, step, is_new } => Some((*doc, *step, *is_new)),
        _ => None,
    };
    effects.iter().filter_map(place).collect()
}

#[test]
fn a_link_opens_its_entry_at_its_step() {
    let index = index();
    let id = "stuck-contacts-clearing-a-stuck-contact";
    let (state, effects) = run(&index, [routed(id, Some(4))]);
    assert_eq!((state.open, state.at), (Some(doc(&index, id)), 3));
    assert_eq!(effects, [Effect::EntryOpened { doc: doc(&index, id), from: From::Route }]);
    let (state, _) = run(&index, [routed(id, Some(99))]);
    assert_eq!(state.at, 8);
    let (state, _) = run(&index, [routed(id, Some(4)), routed("", None)]);
    assert_eq!(state.open, None);
}

#[test]
fn a_link_that_leads_nowhere_says_so_and_closes_nothing() {
    let index = index();
    let (state, effects) = run(&index, [Event::EntryToggled { doc: 2 }, routed("no-such-entry", None)]);
    assert_eq!((state.open, state.unknown.as_deref()), (Some(2), Some("no-such-entry")));
    assert_eq!(effects.last(), Some(&Effect::UnknownEntry { id: "no-such-entry".into() }));
    let (state, _) = run(&index, [routed("no-such-entry", None), Event::EntryToggled { doc: 2 }]);
    assert_eq!(state.unknown, None);
    // Neither does an entry of an area that does not exist here.
    let billing = index.area("billing").expect("it is there");
    let (state, _) = run(&index, [Event::AreasSet(vec![billing]), routed("calls-new-calls-not-appearing", None)]);
    assert_eq!((state.open, state.unknown.as_deref()), (None, Some("calls-new-calls-not-appearing")));
}

#[test]
fn a_link_to_an_entry_that_moved_goes_to_the_new_one() {
    let mut sources = Sources::default();
    sources.add("kb.toml", b"[moved]\n\"old-name\" = \"a-one\"\n".to_vec());
    sources.add("a.md", b"# A\n\n| Symptom | Fix |\n|---|---|\n| One | Ask |\n".to_vec());
    let contents = Book::read(&sources).contents(Audience::Customer);
    let index = Index::open(write(&contents)).expect("it is sound");
    let (state, _) = run(&index, [routed("old-name", None)]);
    assert_eq!((state.open, state.unknown), (Some(0), None));
}

#[test]
fn only_what_a_person_did_is_a_place_to_come_back_to() {
    let index = index();
    let guide = doc(&index, "stuck-contacts-clearing-a-stuck-contact");
    let effects = |events: Vec<Event>| moves(&run_with_announcements(&index, events).1);
    assert_eq!(effects(vec![Event::EntryToggled { doc: 3 }]), [(Some(3), 0, true)]);
    assert_eq!(effects(vec![Event::EntrySet(Some(3))]), [(Some(3), 0, false)]);
    let toggled = Event::EntryToggled { doc: guide };
    let ticked = Event::StepToggled { step: 0 };
    assert_eq!(effects(vec![toggled, ticked]), [(Some(guide), 0, true), (Some(guide), 1, false)]);
    assert_eq!(effects(vec![typed("card"), Event::MoreWanted]), []);
}
