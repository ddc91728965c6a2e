//! Whatever happens in whatever order, what is open can be seen, what was done
//! is of steps that there are, and what is remembered comes back as it was.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::session::{Event, State, Time, step, summary};

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let table = "# Calls\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| No sound | Muted | Turn the volume up; Wait 5 min; See [the guide](#calls-clear-it) |\n| Line drops | Bad cable | Change the cable; contact support |\n\n## Clear it\n\n1. Open the list.\n2. Wait 10 min.\n3. Press Clear.\n";
    sources.add("calls.md", table.into());
    sources.add("billing.md", b"# Billing\n\n| Symptom | Fix |\n|---|---|\n| Charged twice | Ask support |\n".to_vec());
    Index::open(index::write(&Book::read(&sources).contents(Audience::Staff))).expect("what was written can be read")
});

const TEXTS: [&str; 6] = ["", "sound", "line drops", "zzz", "  ", "calls-no-sound"];

fn event(state: &State, kind: u8, a: u8, b: u8) -> Event {
    // The interface names entries and areas that there are, and steps as it likes.
    let (doc, at) = (u32::from(a) % INDEX.n_entries(), usize::from(b));
    let area = |it: u8| Some(usize::from(it) % (INDEX.areas().len() + 1)).filter(|it| *it < INDEX.areas().len());
    let text = || TEXTS[usize::from(a) % TEXTS.len()].to_owned();
    let some = |it: u8| Some(usize::from(it)).filter(|it| *it < 200);
    match kind % 33 {
        0 => Event::Typed(text()),
        1 => Event::Paused,
        2 => Event::AreaChosen(area(a).filter(|it| state.has_area(*it))),
        3 => Event::EntryToggled { doc },
        4 => Event::MoreWanted,
        5 => Event::OfferTaken { doc },
        6 => Event::SuggestionTaken { doc, query: text() },
        7 => Event::BlockEnded { file: text() },
        8 => Event::Retried,
        9 => Event::LinkFollowed { doc },
        10 => Event::WentBack,
        11 => Event::StepToggled { step: at },
        12 => Event::StepShown { step: at },
        13 => Event::WholeToggled,
        14 => Event::WaitStarted { step: at },
        15 => Event::WaitStopped,
        16 => Event::Solved,
        17 => Event::NotSolved,
        18 => Event::OutcomeUndone,
        19 => Event::Restarted,
        20 => Event::HandOverOpened { step: some(b) },
        21 => Event::HandOverEdited(text()),
        22 => Event::HandOverClosed,
        23 => Event::HandedOver { text: text() },
        24 => Event::Routed { id: text(), step: some(b) },
        25 => {
            // As it was, or with a letter of it changed.
            let mut progress = state.progress(&INDEX).into_bytes();
            if let Some(it) = progress.len().checked_sub(1).and_then(|last| progress.get_mut(usize::from(a).min(last))) {
                *it = if b > 127 { *it } else { b };
            }
            Event::Restored(String::from_utf8_lossy(&progress).into_owned())
        }
        26 => Event::Forgotten,
        27 => Event::QuerySet(text()),
        28 => Event::AreaSet(area(a)),
        29 => Event::AreasSet(area(a).into_iter().chain(area(b)).collect()),
        30 => Event::EntrySet(Some(doc).filter(|_| b > 0)),
        31 => Event::Reset,
        _ => Event::Ticked,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (mut state, mut now): (State, Time) = (State::default(), 1_800_000_000);
    for it in bytes.chunks_exact(4).take(400) {
        now += Time::from(it[3]);
        let (next, _) = step(&INDEX, &state, event(&state, it[0], it[1], it[2]), now);
        if let Some(open) = next.open {
            assert!(open < INDEX.n_entries() && next.open_work().is_some());
        }
        for work in &next.works {
            let steps = INDEX.resolution(work.doc).expect("it is in the index").steps;
            assert!(work.done.iter().all(|it| it.step < steps.len()));
            assert!(work.timer.is_none_or(|it| it.step < steps.len()));
        }
        summary(&INDEX, &next, now);
        state = next;
    }
    // What a page remembers is what it gets back; of what has ended no wait goes on.
    let restored = |progress: String| step(&INDEX, &State::default(), Event::Restored(progress), now).0.progress(&INDEX);
    let once = restored(state.progress(&INDEX));
    assert_eq!(restored(once.clone()), once);
});
