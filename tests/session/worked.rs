//! Steps that are ticked off, waited for and ended.

use unstuck::index::{Index, StepKind};
use unstuck::kb::Audience;
use unstuck::session::{Effect, Event, Outcome, State, Time, Timer, contact_of, step};

use crate::{NOW, doc, index, index_for, typed};

/// Events with the seconds after the beginning at which they happen.
#[track_caller]
fn at(index: &Index, events: &[(Time, Event)]) -> (State, Vec<Effect>) {
    let (mut state, mut effects) = (State::default(), Vec::new());
    for (seconds, event) in events {
        let (next, more) = step(index, &state, event.clone(), NOW + seconds);
        state = next;
        effects.extend(more);
    }
    (state, effects)
}

fn open(index: &Index, id: &str) -> (Time, Event) {
    (0, Event::EntryToggled { doc: doc(index, id) })
}

fn tick(seconds: Time, step: usize) -> (Time, Event) {
    (seconds, Event::StepToggled { step })
}

fn done(state: &State) -> Vec<usize> {
    state.open_work().expect("an entry is open").done.iter().map(|it| it.step).collect()
}

fn current(index: &Index, state: &State) -> Option<usize> {
    let doc = state.open.expect("an entry is open");
    state.open_work()?.current(index.resolution(doc)?.steps.len())
}

#[test]
fn a_step_that_is_ticked_off_makes_the_next_current() {
    let index = index();
    let id = "login-access-invalid-email-or-password";
    let (state, effects) = at(&index, &[open(&index, id), tick(5, 0)]);
    assert_eq!((done(&state), current(&index, &state)), (vec![0], Some(1)));
    assert!(effects.contains(&Effect::StepDone { doc: doc(&index, id), step: 0 }));
    // In any order; and what is done in the end is nobody's next.
    let (state, _) = at(&index, &[open(&index, id), tick(5, 2), tick(6, 0)]);
    assert_eq!((done(&state), current(&index, &state)), (vec![2, 0], Some(1)));
    let (state, _) = at(&index, &[open(&index, id), tick(5, 0), tick(6, 1), tick(7, 2)]);
    assert_eq!(current(&index, &state), None);
}

#[test]
fn a_tick_that_is_taken_away_leaves_no_trace() {
    let index = index();
    let id = "login-access-invalid-email-or-password";
    let (before, _) = at(&index, &[open(&index, id), tick(5, 0)]);
    let (after, effects) = at(&index, &[open(&index, id), tick(5, 0), tick(8, 1), tick(9, 1)]);
    assert_eq!(after.works, before.works);
    let told = effects.iter().filter(|it| matches!(it, Effect::StepDone { .. })).count();
    assert_eq!(told, 2, "what is undone is not done: no event says so");
}

#[test]
fn a_step_that_is_not_there_cannot_be_done() {
    let index = index();
    let (state, effects) = at(&index, &[open(&index, "billing-charged-twice"), tick(1, 99)]);
    assert_eq!((done(&state), effects.iter().filter(|it| it.name() == "step-done").count()), (vec![], 0));
}

#[test]
fn a_wait_ends_by_the_clock_and_says_so_once() {
    let index = index();
    let id = "calls-new-calls-not-appearing";
    let start = (10, Event::WaitStarted { step: 0 });
    let (state, _) = at(&index, &[open(&index, id), start.clone()]);
    let ends = NOW + 10 + 15 * 60;
    assert_eq!(state.open_work().and_then(|it| it.timer), Some(Timer { step: 0, ends, is_over: false }));
    assert!(state.is_waiting());

    let over = |effects: &[Effect]| effects.iter().filter(|it| matches!(it, Effect::WaitOver { .. })).count();
    let (state, effects) = at(&index, &[open(&index, id), start.clone(), (909, Event::Ticked)]);
    assert_eq!((state.is_waiting(), over(&effects)), (true, 0));
    // A computer that slept wakes long after the end.
    let events = [open(&index, id), start.clone(), (80_000, Event::Ticked), (80_001, Event::Ticked)];
    let (state, effects) = at(&index, &events);
    assert_eq!((state.is_waiting(), over(&effects)), (false, 1));
    assert_eq!(state.open_work().and_then(|it| it.timer).map(|it| it.left(NOW + 80_000)), Some(0), "never negative");

    // "Not yet": the next step.
    let (state, _) = at(&index, &[open(&index, id), start.clone(), (910, Event::Ticked), tick(920, 0)]);
    assert_eq!((done(&state), current(&index, &state), state.is_waiting()), (vec![0], Some(1), false));
    // "It is there": solved, and the wait was part of it.
    let (state, effects) = at(&index, &[open(&index, id), start, (910, Event::Ticked), (930, Event::Solved)]);
    let work = state.open_work().expect("an entry is open");
    assert_eq!((work.outcome, done(&state)), (Some(Outcome::Solved), vec![0]));
    let ended = Effect::Ended { doc: work.doc, is_solved: true, steps: 1, seconds: 930 };
    assert!(effects.contains(&ended), "{effects:?}");
}

#[test]
fn a_wait_can_be_stopped_and_goes_on_while_another_entry_is_open() {
    let index = index();
    let start = (0, Event::WaitStarted { step: 0 });
    let calls = open(&index, "calls-new-calls-not-appearing");
    let (state, _) = at(&index, &[calls.clone(), start.clone(), (5, Event::WaitStopped)]);
    assert!(!state.is_waiting());
    let (state, effects) = at(&index, &[calls, start, open(&index, "billing-charged-twice"), (900, Event::Ticked)]);
    assert_eq!(state.open, Some(doc(&index, "billing-charged-twice")));
    assert!(effects.contains(&Effect::WaitOver { doc: doc(&index, "calls-new-calls-not-appearing") }));
}

#[test]
fn only_a_step_that_waits_can_be_waited_for() {
    let index = index();
    let (state, _) = at(&index, &[open(&index, "billing-charged-twice"), (1, Event::WaitStarted { step: 0 })]);
    assert!(!state.is_waiting());
}

#[test]
fn a_clock_that_is_set_back_gives_no_time_below_zero() {
    let index = index();
    let twice = doc(&index, "billing-charged-twice");
    let (state, _) = step(&index, &State::default(), Event::EntryToggled { doc: twice }, NOW);
    let (_, effects) = step(&index, &state, Event::Solved, NOW - 100);
    assert!(effects.contains(&Effect::Ended { doc: twice, is_solved: true, steps: 0, seconds: 0 }), "{effects:?}");
}

#[test]
fn when_it_did_not_help_the_next_likely_entry_comes_then_a_person() {
    let index = index();
    let (state, effects) = at(
        &index,
        &[
            (0, typed("emails not arriving")),
            open(&index, "notifications-not-receiving-emails"),
            tick(20, 0),
            (40, Event::NotSolved),
        ],
    );
    assert!(effects.iter().any(|it| it.name() == "not-resolved"));
    let next = state.next_likely(&index).expect("there is another answer");
    assert_ne!(Some(next), state.open);
    // One that was tried as well is not offered again.
    let (state, _) = step(&index, &state, Event::OfferTaken { doc: next }, NOW + 50);
    let (state, _) = step(&index, &state, Event::NotSolved, NOW + 60);
    assert!(state.next_likely(&index).is_none_or(|it| Some(it) != state.open && it != next));
    let (state, _) = step(&index, &state, Event::HandOverOpened { step: None }, NOW + 70);
    assert!(state.hand_over.is_some());
}

#[test]
fn nothing_is_offered_next_where_nothing_was_asked() {
    let index = index();
    let (state, _) = at(&index, &[open(&index, "billing-charged-twice"), (1, Event::NotSolved)]);
    assert_eq!(state.next_likely(&index), None);
}

#[test]
fn an_outcome_can_be_taken_back_and_the_work_started_over() {
    let index = index();
    let id = "login-access-invalid-email-or-password";
    let (state, _) = at(&index, &[open(&index, id), tick(1, 0), (2, Event::Solved), (3, Event::OutcomeUndone)]);
    assert_eq!((state.open_work().and_then(|it| it.outcome), done(&state)), (None, vec![0]));
    let (state, _) = at(&index, &[open(&index, id), tick(1, 0), (2, Event::Solved), (9, Event::Restarted)]);
    let work = state.open_work().expect("it is still open");
    assert_eq!((work.is_begun(), work.started), (false, NOW + 9));
}

#[test]
fn a_guide_goes_on_with_each_step_and_comes_back_where_it_was() {
    let index = index();
    let id = "stuck-contacts-clearing-a-stuck-contact";
    let (state, _) = at(&index, &[open(&index, id), tick(1, 0), tick(2, 1)]);
    assert_eq!(state.at, 2);
    let (state, _) = at(&index, &[open(&index, id), tick(1, 0), (2, Event::StepShown { step: 0 })]);
    assert_eq!((state.at, done(&state)), (0, vec![0]), "looking back undoes nothing");
    let (state, _) = at(
        &index,
        &[open(&index, id), tick(1, 0), tick(2, 1), open(&index, "billing-charged-twice"), open(&index, id)],
    );
    assert_eq!(state.at, 2);
    let (state, _) = at(&index, &[open(&index, id), (2, Event::StepShown { step: 99 })]);
    assert_eq!(state.at, 8, "there are nine");
}

#[test]
fn a_link_leads_to_the_guide_and_back() {
    let index = index();
    let queue = doc(&index, "stuck-contact-or-agent-contact-is-stuck-in-central-queue");
    let guide = doc(&index, "stuck-contacts-clearing-a-stuck-contact");
    let (state, _) = at(&index, &[(0, Event::EntryToggled { doc: queue }), (1, Event::LinkFollowed { doc: guide })]);
    assert_eq!((state.open, state.trail.as_slice()), (Some(guide), [queue].as_slice()));
    let (state, effects) = step(&index, &state, Event::WentBack, NOW);
    assert_eq!((state.open, state.trail.as_slice()), (Some(queue), [].as_slice()));
    assert!(effects.iter().any(|it| it.name() == "entry-opened"));
    // Whoever goes elsewhere by themselves does not come from there any more.
    let (state, _) = at(
        &index,
        &[
            (0, Event::EntryToggled { doc: queue }),
            (1, Event::LinkFollowed { doc: guide }),
            (2, Event::EntryToggled { doc: 0 }),
        ],
    );
    assert!(state.trail.is_empty());
}

/// Whatever entry, whoever reads: its steps end in something, and there is
/// somebody to hand over to.
#[test]
fn every_entry_ends_in_something_for_every_audience() {
    for audience in Audience::ALL {
        let index = index_for(audience);
        for doc in 0..index.n_entries() {
            let id = index.summary(doc).id;
            let resolution = index.resolution(doc).expect("it is in the index");
            assert!(!resolution.steps.is_empty(), "{id} has no step for {audience}");
            assert!(contact_of(&resolution).is_some(), "{id} has nobody to hand over to for {audience}");
            for it in &resolution.steps {
                if let StepKind::Escalate { contact } = it.kind {
                    assert!(contact < index.contacts().len(), "{id}");
                }
            }
        }
    }
}

#[test]
fn taking_back_how_it_ended_brings_the_wait_back() {
    let index = index();
    let start = (0, Event::WaitStarted { step: 0 });
    let calls = open(&index, "calls-new-calls-not-appearing");
    let (waiting, _) = at(&index, &[calls.clone(), start.clone()]);
    let (ended, _) = at(&index, &[calls.clone(), start.clone(), (60, Event::NotSolved)]);
    assert!(waiting.is_waiting() && !ended.is_waiting());
    let (state, _) = at(&index, &[calls, start, (60, Event::NotSolved), (70, Event::OutcomeUndone)]);
    assert_eq!(state.works, waiting.works);
}
