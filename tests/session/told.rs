//! The summary tells what happened, and nothing else.

use unstuck::index::text;
use unstuck::session::{Effect, Event, Outcome, State, step, summary};

use crate::{NOW, doc, index, run, typed};

#[test]
fn a_hand_over_tells_what_was_asked_and_done() {
    let index = index();
    let id = "login-access-cant-get-past-the-2fa-screen";
    let mut state = State::default();
    for (seconds, event) in [
        (0, typed("lost my authenticator")),
        (5, Event::EntryToggled { doc: doc(&index, id) }),
        (65, Event::StepToggled { step: 0 }),
        (70, Event::NotSolved),
        (80, Event::HandOverOpened { step: None }),
    ] {
        state = step(&index, &state, event, NOW + seconds).0;
    }
    let told = summary(&index, &state, NOW + 125);
    assert_eq!(told.query, "lost my authenticator");
    let [tried] = told.tried.as_slice() else { panic!("{told:?}") };
    assert_eq!((tried.symptom.as_str(), tried.area.as_str()), ("Can't get past the 2FA screen", "Login & access"));
    let steps = index.resolution(doc(&index, id)).expect("it is there").steps;
    assert_eq!(tried.done, [(text::plain(&steps[0].text), NOW + 65)]);
    assert_eq!(tried.seconds, 120);
    let contact = state.hand_over.as_ref().and_then(|it| it.contact).expect("the entry names somebody");
    assert_eq!(index.contacts()[contact].id, "admin");
}

#[test]
fn what_was_tried_before_is_told_too_and_what_was_only_looked_at_is_not() {
    let index = index();
    let (tried, looked_at, solved) = (
        doc(&index, "notifications-not-receiving-emails"),
        doc(&index, "billing-charged-twice"),
        doc(&index, "calls-call-has-no-disposition"),
    );
    let last = doc(&index, "members-invited-person-never-received-email");
    let (state, _) = run(
        &index,
        [
            Event::EntryToggled { doc: solved },
            Event::StepToggled { step: 0 },
            Event::Solved,
            Event::EntryToggled { doc: tried },
            Event::StepToggled { step: 0 },
            Event::NotSolved,
            Event::EntryToggled { doc: looked_at },
            Event::EntryToggled { doc: last },
        ],
    );
    let docs: Vec<u32> = summary(&index, &state, NOW).tried.iter().map(|it| it.doc).collect();
    assert_eq!(docs, [last, tried]);
}

#[test]
fn the_event_carries_what_the_person_sent_and_to_whom() {
    let index = index();
    let id = "billing-charged-twice";
    let (state, effects) = run(
        &index,
        [
            typed("paid twice "),
            Event::EntryToggled { doc: doc(&index, id) },
            Event::HandOverOpened { step: Some(0) },
            Event::HandOverEdited("Only this.".into()),
            Event::HandedOver { text: "Only this.".into() },
        ],
    );
    let Some(Effect::Escalated { contact: Some(contact), doc: Some(about), query, summary }) = effects.last() else {
        panic!("{effects:?}")
    };
    assert_eq!((index.contacts()[*contact].id.as_str(), *about), ("support", doc(&index, id)));
    assert_eq!((query.as_str(), summary.as_str()), ("paid twice", "Only this."));
    let work = state.open_work().expect("it is open");
    assert!(work.is_done(0), "the step that says so is done with it");
    assert_eq!(state.hand_over, None);
}

#[test]
fn who_finds_nothing_can_hand_over_what_they_asked() {
    let index = index();
    let (state, effects) = run(
        &index,
        [typed("zzz qqq"), Event::HandOverOpened { step: None }, Event::HandedOver { text: "Please help.".into() }],
    );
    let Some(Effect::Escalated { contact, doc: None, query, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((contact.map(|it| index.contacts()[it].id.as_str()), query.as_str()), (Some("support"), "zzz qqq"));
    assert_eq!(state.hand_over, None);
}

#[test]
fn nothing_is_handed_over_that_was_not_looked_at_first() {
    let index = index();
    let (_, effects) = run(&index, [Event::EntryToggled { doc: 0 }, Event::HandedOver { text: "x".into() }]);
    assert!(effects.iter().all(|it| it.name() != "escalated"), "{effects:?}");
}

#[test]
fn another_question_ends_a_hand_over() {
    let index = index();
    for event in [typed("card"), Event::AreaChosen(Some(0)), Event::EntryToggled { doc: 0 }, Event::HandOverClosed] {
        let opened = [Event::EntryToggled { doc: 3 }, Event::HandOverOpened { step: None }];
        let (state, _) = run(&index, opened.into_iter().chain([event.clone()]));
        assert_eq!(state.hand_over, None, "{event:?}");
    }
}

#[test]
fn a_hand_over_that_could_not_be_copied_comes_back_and_no_other_copy_brings_it_back() {
    let index = index();
    let sent = [
        Event::EntryToggled { doc: doc(&index, "billing-charged-twice") },
        Event::HandOverOpened { step: None },
        Event::HandedOver { text: "What I wrote".into() },
    ];
    let failed = |text: &str| {
        let event = Event::CopyFailed { text: text.into() };
        run(&index, sent.clone().into_iter().chain([event])).0
    };
    let state = failed("What I wrote");
    assert_eq!(state.hand_over.and_then(|it| it.text).as_deref(), Some("What I wrote"));
    assert_eq!(state.works[0].outcome, None);
    // A checklist, say.
    let state = failed("Charged twice");
    assert_eq!((state.hand_over, state.works[0].outcome), (None, Some(Outcome::HandedOver)));
}
