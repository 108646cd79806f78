use super::*;
use crate::config::CLIENT_EXAMPLE;
use crate::exit::Failure;

fn written(content: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.toml");
    std::fs::write(&path, content).expect("written");
    (folder, path)
}

/// Loads the configuration with variables and the content of a file, which is called `c.toml` in the result.
fn load(flags: ConfigLayer, variables: &[(&str, &str)], content: &str) -> Result<Config, ConfigError> {
    let (_folder, path) = written(content);
    let variable = |name: &str| {
        let set = [("HOME", "/home/ana"), ("USER", "ana")];
        let mut all = variables.iter().chain(&set);
        all.find(|(key, _)| *key == name)
            .map(|(_, value)| OsString::from(value))
    };
    let names: Vec<String> = variables.iter().map(|(name, _)| (*name).to_owned()).collect();
    Config::load(flags, variable, &names, &path).map_err(|mut error| {
        for mistake in &mut error.mistakes {
            if let Origin::File { path, .. } = &mut mistake.place {
                *path = "c.toml".into();
            }
        }
        error
    })
}

fn errors_of(result: Result<Config, ConfigError>) -> Vec<String> {
    let error = result.expect_err("mistakes");
    error.mistakes.iter().map(ToString::to_string).collect()
}

fn name(text: &str) -> MemberName {
    text.parse().expect("a name")
}

#[test]
fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
    let flags = || ConfigLayer {
        name: Some(Configured::flag(name("flag"))),
        ..ConfigLayer::default()
    };
    let (variables, file) = ([("WATCHTOGETHER_NAME", "variable")], "name = \"file\"");
    let resolved = |result: Result<Config, ConfigError>| result.expect("right").name;

    let by_flag = resolved(load(flags(), &variables, file));
    let by_variable = resolved(load(ConfigLayer::default(), &variables, file));
    let by_file = resolved(load(ConfigLayer::default(), &[("WATCHTOGETHER_NAME", "")], file));
    let by_default = resolved(load(ConfigLayer::default(), &[], ""));

    assert_eq!((by_flag.value, by_flag.origin), (name("flag"), Origin::Flag));
    assert_eq!(by_variable.value, name("variable"));
    assert_eq!(by_variable.origin.to_string(), "WATCHTOGETHER_NAME");
    assert_eq!(by_file.value, name("file"));
    assert!(by_file.origin.to_string().ends_with("c.toml:1"));
    assert_eq!(
        (by_default.value, by_default.origin),
        (name("ana"), Origin::Default)
    );
}

#[test]
fn all_mistakes_are_reported_at_once_with_their_places() {
    let file = "nmae = \"x\"\nname = \"server\"\nplayer = \"vlc\"\n\nmedia_dirs = [\"/a\",\n  \"Videos\"]\n\
                ui = true\noffline_pause_after = \"soon\"\nmpv_options = \"fs\"\nwhatever = 1\n";

    let errors = errors_of(load(
        ConfigLayer::default(),
        &[("WATCHTOGETHER_COLOR", "pink")],
        file,
    ));

    assert_eq!(
        errors,
        [
            "c.toml:1: unknown key \"nmae\" (did you mean name?)",
            "c.toml:2: name: this name is reserved: choose another one",
            "c.toml:3: player: \"vlc\" is not one of mpv, none",
            "c.toml:5: media_dirs: \"Videos\" is not a full path: begin it with / or ~/",
            "c.toml:7: ui: this must be text, not true or false",
            "c.toml:8: offline_pause_after: \"soon\" is not a time such as 90, \"90s\", \"2m\" or \"1h\"",
            "c.toml:9: mpv_options: this must be a list such as [\"…\", \"…\"], not text",
            "c.toml:10: unknown key \"whatever\" (the keys are name, server, port, media_dirs, mpv_options, player, \
             access, on_stall, ui, verbosity, announce, say, color, glyphs, offline_pause_after, mouse, \
             scrollback)",
            "WATCHTOGETHER_COLOR: color: \"pink\" is not one of auto, always, never",
        ]
    );
}

#[test]
fn mistakes_are_a_failure_of_usage() {
    let failure = Failure::from(load(ConfigLayer::default(), &[], "ui = \"big\"").expect_err("a mistake"));

    assert_eq!((failure.exit().code(), failure.kind.code()), (2, "config"));
    assert_eq!(
        failure.details,
        ["c.toml:1: ui: \"big\" is not one of full, plain"]
    );
}

#[test]
fn list_settings_combine_all_layers_in_order() {
    let flags = ConfigLayer {
        media_dirs: vec![Configured::flag("/flag".into())],
        mpv_options: vec![Configured::flag(("fs".to_owned(), "no".to_owned()))],
        ..ConfigLayer::default()
    };
    let variables = [
        ("WATCHTOGETHER_MEDIA_DIRS", "/a:~/b:"),
        ("WATCHTOGETHER_MPV_OPTIONS", "ao=null  vo=null"),
    ];
    let file = "media_dirs = [\n  \"/f\",\n  \"/g\",\n]\nmpv_options = [\"fs\"]";

    let config = load(flags, &variables, file).expect("right");

    let folders: Vec<_> = config.media_folders();
    assert_eq!(
        folders,
        ["/flag", "/a", "/home/ana/b", "/f", "/g"].map(PathBuf::from)
    );
    let options: Vec<String> = config.options_of_mpv().iter().map(ToText::to_text).collect();
    assert_eq!(options, ["fs=yes", "ao=null", "vo=null", "fs=no"]);
    assert!(
        config.media_dirs[4].origin.to_string().ends_with("c.toml:3"),
        "{:?}",
        config.media_dirs[4]
    );
}

#[test]
fn a_separate_variable_selects_plain_mode_wherever_it_is_set() {
    let ui = |value, file| {
        let config = load(ConfigLayer::default(), &[("WATCHTOGETHER_PLAIN", value)], file);
        config.expect("right").ui
    };

    assert_eq!(ui("1", "ui = \"full\"").value, Ui::Plain);
    assert_eq!(ui("1", "").origin.to_string(), "WATCHTOGETHER_PLAIN");
    assert_eq!((ui("0", "").value, ui("", "").value), (Ui::Full, Ui::Full));
    assert_eq!(ui("0", "ui = \"plain\"").value, Ui::Plain);
    assert_eq!(
        errors_of(load(
            ConfigLayer::default(),
            &[("WATCHTOGETHER_PLAIN", "maybe")],
            ""
        )),
        ["WATCHTOGETHER_PLAIN: this must be 1 or 0, not \"maybe\""]
    );
}

#[test]
fn the_position_is_announced_after_a_time_or_never() {
    let announce = |value: &str| {
        let file = format!("announce = {value:?}");
        load(ConfigLayer::default(), &[], &file).map(|config| config.announce.value)
    };

    assert_eq!(announce("off"), Ok(AnnounceInterval::Off));
    assert_eq!(
        announce("5m"),
        Ok(AnnounceInterval::Every(Duration::from_mins(5)))
    );
    assert!(announce("0").is_err() && announce("often").is_err());
}

#[test]
fn a_login_name_that_cannot_be_one_makes_a_guest() {
    let config = load(ConfigLayer::default(), &[("USER", "server")], "").expect("right");

    assert_eq!(config.name.value, name("guest"));
}

#[test]
fn the_example_is_the_defaults_and_names_every_key() {
    let example = load(ConfigLayer::default(), &[], CLIENT_EXAMPLE).expect("the example is right");
    let defaults = load(ConfigLayer::default(), &[], "").expect("nothing is right");

    let values =
        |config: &Config| -> Vec<_> { config.rows().into_iter().map(|r| (r.key, r.value)).collect() };
    assert_eq!(values(&example), values(&defaults));
    for key in KEYS {
        let line = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{key} = "));
        assert!(CLIENT_EXAMPLE.lines().any(line), "{key}");
    }
}

#[test]
fn each_key_has_a_row_with_its_origin() {
    let rows = load(
        ConfigLayer::default(),
        &[("WATCHTOGETHER_SERVER", "box.example.org")],
        "",
    )
    .expect("right")
    .rows();

    let mut keys: Vec<_> = rows.iter().map(|row| row.key).collect();
    keys.dedup();
    assert_eq!(keys, KEYS);
    let server = rows.iter().find(|row| row.key == "server").expect("a row");
    assert_eq!(server.value.as_deref(), Some("box.example.org:7843"));
    assert_eq!(server.origin, "WATCHTOGETHER_SERVER");
}

#[test]
fn a_misspelt_variable_is_a_mistake_and_a_foreign_one_is_not() {
    let variables = [
        ("WATCHTOGETHER_NAEM", "bo"),
        ("WATCHTOGETHER_PASWORD", "secret"),
        ("WATCHTOGETHER_MEDIA_DIR", ""),
        ("WATCHTOGETHER_PASSWORD", "secret"),
        ("WATCHTOGETHER_LOG", "debug"),
        ("WATCHTOGETHER_PROGRAM", "/opt/other"),
        ("WATCHTOGETHER_SERVE_LSITEN", "no"),
        ("WATCHTOGETHER_UI", "plain"),
    ];

    assert_eq!(
        errors_of(load(ConfigLayer::default(), &variables, "")),
        [
            "WATCHTOGETHER_NAEM: unknown variable (did you mean WATCHTOGETHER_NAME?)",
            "WATCHTOGETHER_PASWORD: unknown variable (did you mean WATCHTOGETHER_PASSWORD?)",
        ]
    );
}
