//! What holds whatever happens in whatever order. The sequences are random and
//! the same each time.

use unstuck::index::{Index, StepKind};
use unstuck::session::{Effect, Event, Outcome, State, Time, step, summary};

use crate::{NOW, index, run, typed};

/// A small generator; the numbers need not be good, only repeatable.
struct Random(u32);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % n
    }
}

const QUERIES: [&str; 8] = ["", "c", "card", "stuck contact", "zzz", "5xx", "  ", "emails not arriving"];

fn event(index: &Index, state: &State, random: &mut Random) -> Event {
    let doc = random.below(index.n_entries() as usize) as u32;
    let area = Some(random.below(13)).filter(|it| *it > 0);
    let step = random.below(10);
    match random.below(36) {
        0..3 => typed(QUERIES[random.below(QUERIES.len())]),
        3 => Event::Paused,
        4 => Event::AreaChosen(area.filter(|it| state.has_area(*it))),
        5..8 => {
            let shown = state.found(index).hits;
            if shown.is_empty() {
                Event::Paused
            } else {
                Event::EntryToggled { doc: shown[random.below(shown.len())].doc }
            }
        }
        8 => Event::LinkFollowed { doc },
        9 => Event::QuerySet(QUERIES[random.below(QUERIES.len())].into()),
        10 => Event::EntrySet(Some(doc)),
        11 => Event::AreasSet(area.into_iter().collect()),
        12 => Event::MoreWanted,
        13 => Event::WentBack,
        14..18 => Event::StepToggled { step },
        18 => Event::StepShown { step },
        19 => Event::WholeToggled,
        20..22 => Event::WaitStarted { step },
        22 => Event::WaitStopped,
        23 => Event::Solved,
        24 => Event::NotSolved,
        25 => Event::OutcomeUndone,
        26 => Event::HandOverOpened { step: Some(step).filter(|it| it % 2 == 0) },
        27 => Event::HandOverEdited("What I changed".into()),
        28 => Event::HandedOver { text: "What I sent".into() },
        29 => Event::Routed { id: index.summary(doc).id, step: Some(step) },
        30 => Event::Restored(state.progress(index)),
        31 => Event::OfferTaken { doc },
        32 => [Event::Reset, Event::Forgotten, Event::Restarted][random.below(3)].clone(),
        34 => Event::SuggestionTaken { doc, query: QUERIES[random.below(QUERIES.len())].into() },
        33 => Event::CopyFailed { text: "What I sent".into() },
        _ => Event::Ticked,
    }
}

/// What must hold of every state.
#[track_caller]
fn check(index: &Index, state: &State, now: Time) {
    if let Some(open) = state.open {
        assert!(state.found(index).hits.iter().any(|it| it.doc == open), "what is open can be seen");
        assert!(state.has_area(index.area_of(open)));
        assert!(state.open_work().is_some(), "what is open is worked on");
        let steps = index.resolution(open).expect("it is in the index").steps;
        assert!(state.at < steps.len().max(1));
    } else {
        assert_eq!(state.at, 0);
    }
    assert!(state.area.is_none_or(|it| state.has_area(it)));
    let mut docs: Vec<u32> = state.works.iter().map(|it| it.doc).collect();
    docs.sort_unstable();
    assert!(docs.windows(2).all(|it| it[0] < it[1]), "each entry has one work: {docs:?}");
    for work in &state.works {
        let steps = index.resolution(work.doc).expect("it is in the index").steps;
        let mut done: Vec<usize> = work.done.iter().map(|it| it.step).collect();
        done.sort_unstable();
        assert!(done.windows(2).all(|it| it[0] < it[1]) && done.iter().all(|it| *it < steps.len()), "{done:?}");
        if let Some(timer) = work.timer {
            let StepKind::Wait { minutes } = steps[timer.step].kind else { panic!("no step to wait for: {work:?}") };
            assert!(timer.left(now) <= 60 * minutes, "a wait is never longer than its step says");
            assert!(!work.is_done(timer.step), "nobody waits for what is done: {work:?}");
        }
    }
}

/// The summary tells of what is open and of what was tried, and of no step that
/// was not done.
#[track_caller]
fn check_summary(index: &Index, state: &State, now: Time) {
    let told = summary(index, state, now);
    assert_eq!(told.query, state.query.trim());
    for it in &told.tried {
        let work = state.work(it.doc).expect("only what was opened is told of");
        assert_eq!(it.done.len(), work.done.len());
        assert!(Some(it.doc) == state.open || work.outcome == Some(Outcome::NotSolved) || !work.done.is_empty());
    }
    assert!(state.open.is_none() || told.tried.first().map(|it| it.doc) == state.open);
}

#[test]
fn no_sequence_of_events_leads_astray() {
    let index = index();
    for seed in 0..8 {
        let (mut state, mut random, mut now) = (State::default(), Random(seed), NOW);
        for _ in 0..1_500 {
            now += random.below(400) as Time;
            let event = event(&index, &state, &mut random);
            let (next, effects) = step(&index, &state, event.clone(), now);
            check(&index, &next, now);
            check_summary(&index, &next, now);
            for it in &effects {
                match it {
                    // An offer takes the filters away after the search was reported.
                    Effect::NoMatch { .. }
                        if matches!(event, Event::OfferTaken { .. } | Event::SuggestionTaken { .. }) => {}
                    Effect::NoMatch { .. } => assert!(next.found(&index).hits.is_empty()),
                    Effect::StepDone { doc, step } => {
                        assert!(next.work(*doc).is_some_and(|it| it.is_done(*step)), "{event:?}");
                    }
                    Effect::Escalated { .. } => assert!(matches!(event, Event::HandedOver { .. })),
                    Effect::Ended { doc, .. } => assert!(next.work(*doc).is_some_and(|it| it.outcome.is_some())),
                    _ => {}
                }
            }
            state = next;
        }
    }
}

/// From wherever a person got to, there is a way to an end.
#[test]
fn there_are_no_dead_ends() {
    let index = index();
    let (mut state, mut random, mut now) = (State::default(), Random(77), NOW);
    for _ in 0..3_000 {
        now += random.below(400) as Time;
        let event = event(&index, &state, &mut random);
        state = step(&index, &state, event, now).0;
        let end = |events: &[Event]| {
            events.iter().fold((state.clone(), Vec::new()), |(state, mut effects), it| {
                let (next, more) = step(&index, &state, it.clone(), now);
                effects.extend(more);
                (next, effects)
            })
        };
        if state.open.is_some() {
            assert!(end(&[Event::Solved]).1.iter().any(|it| it.name() == "resolved"));
        }
        if state.open.is_some() || state.found(&index).hits.is_empty() {
            let (after, effects) =
                end(&[Event::NotSolved, Event::HandOverOpened { step: None }, Event::HandedOver { text: "x".into() }]);
            let to = effects.iter().find_map(|it| match it {
                Effect::Escalated { contact, .. } => Some(*contact),
                _ => None,
            });
            assert!(to.flatten().is_some(), "there is somebody to hand over to");
            assert_eq!(after.hand_over, None);
        }
    }
}

/// Ticking a step twice leaves all as it was, whatever came before; but for
/// the wait that it ended.
#[test]
fn undo_restores() {
    let index = index();
    let (mut state, mut random, mut now) = (State::default(), Random(5), NOW);
    let mut n_checked = 0;
    for _ in 0..3_000 {
        now += 1;
        let event = event(&index, &state, &mut random);
        state = step(&index, &state, event, now).0;
        let Some(work) = state.open_work() else { continue };
        let n_steps = index.resolution(work.doc).expect("it is in the index").steps.len();
        for at in (0..n_steps).filter(|it| !work.is_done(*it) && work.timer_of(*it).is_none()) {
            let toggle = Event::StepToggled { step: at };
            let once = step(&index, &state, toggle.clone(), now).0;
            let twice = step(&index, &once, toggle, now + 1).0;
            assert_eq!(twice.works, state.works);
            n_checked += 1;
        }
    }
    assert!(n_checked > 1_000, "{n_checked} steps were looked at");
}

/// Whatever stands in the storage of a page.
#[test]
fn no_remembered_text_breaks_anything() {
    let index = index();
    let (state, _) = run(&index, (0..20).flat_map(|doc| [Event::EntryToggled { doc }, Event::StepToggled { step: 0 }]));
    let text = state.progress(&index);
    let mut random = Random(9);
    for _ in 0..2_000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=random.below(6) {
            let at = random.below(bytes.len().max(1));
            match random.below(3) {
                _ if bytes.is_empty() => {}
                0 => bytes[at] = b" :,-0129\nx"[random.below(10)],
                1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let event = Event::Restored(String::from_utf8_lossy(&bytes).into_owned());
        let (state, _) = step(&index, &State::default(), event, NOW);
        check_steps(&index, &state);
    }
}

/// What a text from outside may say: steps that are there, each once. How long
/// a wait is, is what it says.
fn check_steps(index: &Index, state: &State) {
    for work in &state.works {
        let n_steps = index.resolution(work.doc).expect("it is in the index").steps.len();
        assert!(work.done.iter().all(|it| it.step < n_steps) && work.done.len() <= n_steps);
        assert!(work.timer.is_none_or(|it| it.step < n_steps));
    }
}
