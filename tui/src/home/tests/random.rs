//! Random input at random sizes: nothing panics, and the focused element is visible.

use proptest::prelude::*;

use super::*;

/// A random input to the home screen.
#[derive(Clone, Debug)]
enum Step {
    Key(Key),
    Paste(String),
    Update(HomeUpdate),
    Resize(u16, u16),
}

fn key() -> impl Strategy<Value = Key> {
    let named = vec![
        Code::F(1),
        Code::Enter,
        Code::Tab,
        Code::Backspace,
        Code::Delete,
        Code::Esc,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
    ];
    let code = prop_oneof![
        1 => any::<char>().prop_map(Code::Char),
        2 => proptest::char::range(' ', '~').prop_map(Code::Char),
        4 => prop::sample::select(named),
    ];
    let rarely = || prop::bool::weighted(0.2);
    (code, rarely(), rarely(), rarely()).prop_map(|(code, ctrl, alt, shift)| Key {
        code,
        ctrl,
        alt,
        shift,
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ./]{0,40}",
        "\\PC{0,30}",
        Just(INVITE.to_owned()),
        Just("猫の目 👩\u{200d}🔬 👍\u{1f3fd} \u{2764}\u{fe0f} e\u{301}\n//x\n".to_owned()),
        "x{0,300}",
    ]
}

fn clean() -> impl Strategy<Value = Clean> {
    text().prop_map(|text| Clean::text(&text))
}

fn place() -> impl Strategy<Value = HomeField> {
    prop_oneof![
        Just(HomeField::Film),
        Just(HomeField::Room),
        Just(HomeField::Name),
        Just(HomeField::Host),
        Just(HomeField::Invite),
        Just(HomeField::Join),
        (0usize..12).prop_map(HomeField::Recent),
    ]
}

fn found() -> impl Strategy<Value = FoundFile> {
    (clean(), 0usize..4, any::<u64>(), any::<Option<u64>>()).prop_map(|(below, folder, size, changed)| {
        FoundFile {
            path: PathBuf::from(below.as_str()),
            folder,
            below,
            kind: FileKind::Video,
            size,
            changed: changed.map(WallTime),
        }
    })
}

fn news() -> impl Strategy<Value = SearchUpdate> {
    prop_oneof![
        prop::collection::vec(clean(), 0..4).prop_map(SearchUpdate::Folders),
        prop::collection::vec(found(), 0..20).prop_map(SearchUpdate::Found),
        any::<bool>().prop_map(|is_cut_short| {
            SearchUpdate::Ended(SearchOutcome {
                is_cut_short,
                unreadable: 3,
            })
        }),
    ]
}

fn update() -> impl Strategy<Value = HomeUpdate> {
    let a_recent = (clean(), any::<u64>(), any::<i64>()).prop_map(|(title, at, position)| RecentRoom {
        room: title.clone(),
        place: Some(title.clone()),
        title: Some(title),
        position: Some(MediaTime::from_nanos(position)),
        at: WallTime(at),
    });
    let choices = prop::collection::vec(
        text().prop_map(|text| PathCandidate {
            name: text.clone(),
            path: PathBuf::from(&text),
            text,
        }),
        0..4,
    );
    prop_oneof![
        prop::collection::vec(a_recent, 0..12).prop_map(HomeUpdate::Recent),
        prop::collection::vec(
            clean().prop_map(|words| Check {
                state: CheckState::Bad,
                words
            }),
            0..5
        )
        .prop_map(HomeUpdate::Checks),
        (text(), choices).prop_map(|(asked, choices)| HomeUpdate::Completed(PathCompletion {
            text: asked.clone(),
            asked,
            is_whole: false,
            choices,
        })),
        (0u32..4, news()).prop_map(|(number, news)| HomeUpdate::Search { number, news }),
        clean().prop_map(|to| HomeUpdate::Activity(HomeActivity::Connecting { to })),
        (place(), clean()).prop_map(|(place, words)| HomeUpdate::Failed(HomeFailure {
            place,
            hint: Some(words.clone()),
            words,
        })),
        clean().prop_map(|reason| HomeUpdate::Back { reason: Some(reason) }),
        any::<u64>().prop_map(|wall| HomeUpdate::WallClock(WallTime(wall))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => key().prop_map(Step::Key),
        1 => text().prop_map(Step::Paste),
        2 => update().prop_map(Step::Update),
        1 => (1u16..140, 1u16..45).prop_map(|(width, height)| Step::Resize(width, height)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_the_focus_is_always_visible(
        (width, height) in (1u16..140, 1u16..45),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut screen = Screen::new(width, height);
        for step in steps {
            match step {
                Step::Key(key) => drop(screen.press(key)),
                Step::Paste(text) => drop(screen.paste(&text)),
                Step::Update(update) => screen.apply(update),
                Step::Resize(width, height) => {
                    screen.terminal.backend_mut().resize(width, height);
                    screen.home.handle_input(Input::Resized, NOW);
                }
            }
            let picture = screen.picture();
            let is_form = screen.home.state.browser.is_none() && screen.home.state.help.is_none();
            if is_form && screen.terminal.backend().buffer().area.width >= 6 {
                prop_assert!(picture.contains(crate::strings::home::FOCUS), "{picture}");
            }
            prop_assert!(!picture.contains(['\u{fe0f}', '\u{202e}']), "{picture:?}");
        }
    }
}
