//! Tests that the manual pages in `man/` and the README's tables match the help of the command line and the screen's action
//! table.

use std::collections::BTreeMap;
use std::path::Path;

use clap::CommandFactory as _;
use watchtogether::cli::Cli;
use watchtogether::exit::Exit;
use watchtogether_tui::action::{ACTIONS, Action, ActionId, Group};
use watchtogether_tui::key::Key;
use watchtogether_tui::strings;

/// The environment variable that makes the test rewrite the pages instead of comparing them.
const UPDATE: &str = "UPDATE_MAN";

#[test]
fn the_manual_pages_match_the_command_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages = pages();

    if std::env::var_os(UPDATE).is_some() {
        for (name, page) in &pages {
            std::fs::write(folder.join(name), page).expect("the man folder is writable");
        }
    }

    for (name, page) in &pages {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == *page, "man/{name} is out of date: run `make man`");
    }
    let committed = std::fs::read_dir(&folder)
        .expect("the man folder exists")
        .map(|entry| {
            entry
                .expect("the man folder can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        });
    for name in committed {
        assert!(pages.contains_key(&name), "man/{name} belongs to no command");
    }
}

/// The actions that the README lists.
const IN_README: [ActionId; 11] = [
    ActionId::Palette,
    ActionId::Help,
    ActionId::KeysMode,
    ActionId::PlayPause,
    ActionId::Back5,
    ActionId::Forward5,
    ActionId::GoTo,
    ActionId::Mute,
    ActionId::People,
    ActionId::SyncDetails,
    ActionId::Leave,
];

/// The marks around the README's table of keys.
const TABLE: (&str, &str) = ("<!-- keys -->\n", "<!-- end of keys -->\n");

/// The marks around the README's exit codes.
const EXIT_CODES: (&str, &str) = ("<!-- exit codes -->", "<!-- end of exit codes -->");

/// Compares the text between two marks of the README with the expected text, or updates it. Returns the text before the first
/// mark.
fn follows_in_the_readme((begin, end): (&str, &str), expected: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("there is a README");
    let (before, rest) = readme.split_once(begin).expect("it begins");
    let (shown, after) = rest.split_once(end).expect("it ends");
    if std::env::var_os(UPDATE).is_some() {
        let readme = [before, begin, expected, end, after].concat();
        std::fs::write(&path, readme).expect("the README is writable");
    } else {
        assert_eq!(shown, expected, "run `make man`");
    }
    before.to_owned()
}

#[test]
fn the_readme_shows_the_keys_and_the_exit_codes_that_there_are() {
    let rows = IN_README.map(|id| {
        let action = id.action();
        let slash = action.slash_form().map(|slash| format!("`/{}`", slash.word));
        format!(
            "| {} | {} | {} | {} |\n",
            in_code(action.chat_keys),
            in_code(action.keys_keys),
            slash.unwrap_or_default(),
            action.help()
        )
    });
    let head = "| while typing | after `Esc` | as a command | |\n|---|---|---|---|\n";
    let expected = head.to_owned() + &rows.concat();

    let codes = Exit::ALL.map(|exit| format!("{} {}", exit.code(), exit.words()));

    follows_in_the_readme(EXIT_CODES, &codes.join(",\n"));
    let before = follows_in_the_readme(TABLE, &expected);
    for id in [
        ActionId::PlayPause,
        ActionId::Reopen,
        ActionId::SyncDetails,
        ActionId::Help,
    ] {
        let key = id.action().chat_keys.first().expect("it has one");
        assert!(
            before.contains(&format!("{key}")),
            "{key} is in the first evening"
        );
    }
}

fn in_code(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(" ")
}

/// Returns the page about the keys.
fn keys_page() -> String {
    let mut page = String::from(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH watchtogether-keys 7  \"\" \n.SH NAME\n\
         watchtogether\\-keys \\- the keys and commands of the room\\*(Aqs screen\n.SH DESCRIPTION\n\
         While you type, letters are text. After Esc they are keys, until you press i. Each action below has a name. Use it\n\
         in keys.toml to choose other keys (watchtogether config keys prints the whole table), and as a slash command where\n\
         none is listed. Ctrl\\-P lists all actions on the screen.\n",
    );
    let groups = [
        Group::Chat,
        Group::Room,
        Group::Mine,
        Group::People,
        Group::App,
        Group::Edit,
    ];
    for group in groups {
        let heading = strings::group(group).to_uppercase();
        let entries = ACTIONS.iter().filter(|action| action.group == group).map(entry);
        page.extend([".SH ".to_owned(), heading, "\n".to_owned()]);
        page.extend(entries);
    }
    page
}

fn entry(action: &Action) -> String {
    let roff = |text: &str| {
        text.replace('\\', "\\(rs")
            .replace('-', "\\-")
            .replace('\'', "\\*(Aq")
    };
    let words = |keys: &[Key]| {
        let keys: Vec<String> = keys
            .iter()
            .map(|key| format!("\\fB{}\\fR", roff(&key.to_string())))
            .collect();
        keys.join(", ")
    };
    let mut ways = vec![words(action.chat_keys)];
    if !action.keys_keys.is_empty() {
        ways.push(format!("after Esc {}", words(action.keys_keys)));
    }
    if let Some(slash) = action.slash_form() {
        let form = format!("/{} {}", slash.word, slash.argument);
        ways.push(format!("\\fB{}\\fR", roff(form.trim_end())));
    }
    ways.retain(|way| !way.is_empty());
    let scope = match strings::scope(action.scope) {
        "" => String::new(),
        scope => format!(" ({scope})"),
    };
    format!(
        ".TP\n\\fI{}\\fR  {}\n{}{scope}\n",
        roff(action.name),
        ways.join("; "),
        roff(action.help())
    )
}

/// Returns every page by its file name: one for the program, one for each visible subcommand, one for the keys.
fn pages() -> BTreeMap<String, String> {
    let mut root = Cli::command();
    root.build();
    let mut pages = BTreeMap::from([("watchtogether-keys.7".to_owned(), keys_page())]);
    let mut todo = vec![root.name("watchtogether").display_name("watchtogether")];
    while let Some(command) = todo.pop() {
        let prefix = command
            .get_display_name()
            .unwrap_or_else(|| command.get_name())
            .to_owned();
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            let full: String = format!("{prefix}-{}", sub.get_name());
            todo.push(sub.clone().display_name(full));
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .date("")
            .render(&mut page)
            .expect("writing to memory succeeds");
        pages.insert(
            format!("{prefix}.1"),
            String::from_utf8(page).expect("pages are text"),
        );
    }
    pages
}
