//! What a page remembers of a person's progress.

use unstuck::index::{Index, write};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::session::{Effect, Event, Outcome, State, step};

use crate::{NOW, doc, index, run};

fn restored(index: &Index, text: &str) -> State {
    run(index, [Event::Restored(text.into())]).0
}

#[test]
fn progress_comes_back_as_it_was() {
    let index = index();
    let (calls, login) =
        (doc(&index, "calls-new-calls-not-appearing"), doc(&index, "login-access-invalid-email-or-password"));
    let (state, _) = run(
        &index,
        [
            Event::EntryToggled { doc: login },
            Event::StepToggled { step: 2 },
            Event::StepToggled { step: 0 },
            Event::Solved,
            Event::EntryToggled { doc: calls },
            Event::WaitStarted { step: 0 },
            Event::EntryToggled { doc: 0 },
        ],
    );
    let text = state.progress(&index);
    let back = restored(&index, &text);
    let begun: Vec<_> = state.works.iter().filter(|it| it.is_begun()).cloned().collect();
    assert_eq!(back.works, begun, "{text}");
    assert_eq!(back.progress(&index), text);
    assert_eq!(back.work(login).and_then(|it| it.outcome), Some(Outcome::Solved));
    assert!(text.len() < 200, "{} bytes for two entries", text.len());
}

/// Others may write into the storage of a page.
#[test]
fn what_others_left_in_the_storage_is_read_in_no_time() {
    let index = index();
    let calls = doc(&index, "calls-new-calls-not-appearing");
    let (state, _) = run(&index, [Event::EntryToggled { doc: calls }, Event::StepToggled { step: 0 }]);
    let text = state.progress(&index);
    let (head, done) = text.rsplit_once(' ').expect("what is done comes last");
    let start = std::time::Instant::now();
    let many: String = (0..1_000_000).map(|it| format!(",{it}:1")).collect();
    let read = restored(&index, &format!("{head} {done}{many}"));
    // The steps that there are.
    assert_eq!(read.work(calls).map(|it| it.done.len()), Some(2));
    for it in ["\n", " ", "\0", "0:1,", "\u{202e}", "-", "<script>"] {
        let filled = it.repeat(1_000_000);
        for text in
            [filled.clone(), format!("unstuck 1\n{filled}"), format!("{head} {filled}"), format!("{text}{filled}")]
        {
            restored(&index, &text);
        }
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_wait_that_ended_while_nobody_was_there_is_over() {
    let index = index();
    let calls = doc(&index, "calls-new-calls-not-appearing");
    let (state, _) = run(&index, [Event::EntryToggled { doc: calls }, Event::WaitStarted { step: 0 }]);
    let back = restored(&index, &state.progress(&index));
    let (later, effects) = step(&index, &back, Event::Ticked, NOW + 3_600);
    assert_eq!((later.is_waiting(), effects.contains(&Effect::WaitOver { doc: calls })), (false, true));
}

#[test]
fn nothing_that_was_only_looked_at_is_remembered() {
    let index = index();
    let (state, _) = run(&index, [Event::EntryToggled { doc: 1 }, Event::EntryToggled { doc: 2 }]);
    assert_eq!(state.progress(&index), "");
}

#[test]
fn rubbish_is_left_out_and_the_rest_counts() {
    let index = index();
    let (state, _) = run(&index, [Event::EntryToggled { doc: 1 }, Event::StepToggled { step: 0 }]);
    let good = state.progress(&index);
    let line = good.lines().nth(1).expect("a line an entry");
    let id = &index.summary(1).id;
    for (what, text) in [
        ("nothing", String::new()),
        ("another version", good.replace("unstuck 1", "unstuck 2")),
        ("something else", "{\"a\": 1}".into()),
        ("another revision of the steps", good.replacen(line.split(' ').nth(1).expect("a number"), "1", 1)),
        ("another entry", good.replace(id.as_str(), "no-such-entry")),
        ("half a line", good[..good.len() - 14].into()),
        ("a step that is not there", good.replace(" 0:", " 99:")),
        ("numbers that are none", good.replace(" 0:", " x:")),
        ("control characters", "unstuck 1\n\u{0}\u{1}\u{7f}".into()),
    ] {
        assert_eq!(restored(&index, &text).works, [], "{what}");
    }
    let mixed = format!("unstuck 1\nrubbish\n{line}\n\u{fffd} 1 2 3\n{line}\n");
    assert_eq!(restored(&index, &mixed).works.len(), 1, "the sound line counts, once");
}

#[test]
fn progress_on_steps_that_have_changed_since_is_left_out() {
    let book = |fix: &str| {
        let mut sources = Sources::default();
        sources.add("a.md", format!("# A\n\n| Symptom | Fix |\n|---|---|\n| One | {fix} |\n").into_bytes());
        Index::open(write(&Book::read(&sources).contents(Audience::Customer))).expect("it is sound")
    };
    let old = book("Click this.; Click that.");
    let (state, _) = run(&old, [Event::EntryToggled { doc: 0 }, Event::StepToggled { step: 1 }]);
    let text = state.progress(&old);
    assert_eq!(restored(&old, &text).works.len(), 1);
    assert_eq!(restored(&book("Click that.; Click this."), &text).works, []);
}

#[test]
fn what_is_remembered_stays_small() {
    let rows: String = (0..60).map(|it| format!("| Fault {it} | Do this.; Do that. |\n")).collect();
    let mut sources = Sources::default();
    sources.add("a.md", format!("# A\n\n| Symptom | Fix |\n|---|---|\n{rows}").into_bytes());
    let index = Index::open(write(&Book::read(&sources).contents(Audience::Customer))).expect("it is sound");
    let events = (0..60).flat_map(|doc| [Event::EntryToggled { doc }, Event::StepToggled { step: 0 }]);
    let (state, _) = run(&index, events);
    let back = restored(&index, &state.progress(&index));
    let docs: Vec<u32> = back.works.iter().map(|it| it.doc).collect();
    assert_eq!(docs, (40..60).collect::<Vec<u32>>(), "the latest");
}

#[test]
fn what_is_forgotten_is_gone() {
    let index = index();
    let (state, _) = run(&index, [Event::EntryToggled { doc: 1 }, Event::StepToggled { step: 0 }, Event::Forgotten]);
    assert_eq!(state.progress(&index), "");
    assert!(state.open_work().is_some_and(|it| !it.is_begun()), "what is open can be worked on again");
}
