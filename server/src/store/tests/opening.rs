//! Tests of which files are opened as a store, and which are refused and left unchanged.

use super::*;

#[tokio::test]
async fn two_servers_never_have_one_store() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();

    assert!(matches!(folder.refusal(), StoreError::InUse { .. }));
    assert!(matches!(
        restore(&folder.folder(), &folder.file()),
        Err(StoreError::InUse { .. })
    ));

    store.end().await;
    assert!(Store::open(&folder.folder(), Limits::default()).is_ok());
}

#[tokio::test]
async fn everything_is_its_owners_alone() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;

    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let files = fs::read_dir(folder.folder()).expect("readable");
    let modes: Vec<u32> = files.map(|file| mode(&file.expect("a file").path())).collect();

    assert_eq!(mode(&folder.folder()), 0o700);
    assert_eq!(modes, [0o600; 4], "file, log, its index, lock");
}

#[tokio::test]
async fn leftovers_of_an_unfinished_store_are_ignored() {
    let folder = StoreFolder::new();
    fs::create_dir(folder.folder()).expect("made");
    fs::write(folder.folder().join("rooms.db.new"), b"SQLite form").expect("written");
    fs::write(folder.folder().join("rooms.db.new-journal"), b"torn").expect("written");

    let (store, kept) = folder.open();

    assert_eq!(kept, []);
    keep(&store, &room(1)).await;
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_left_as_it_is() {
    let whole = {
        let folder = StoreFolder::with_a_room().await;
        fs::read(folder.file()).expect("there")
    };
    let mut flipped = whole.clone();
    flipped[4_096..4_200].fill(0xff);
    let damages = [
        ("torn", whole[..whole.len() / 2].to_vec()),
        ("torn in its head", whole[..60].to_vec()),
        ("another file", b"these are no rooms".repeat(400)),
        ("a page of noise", flipped),
    ];
    for (what, bytes) in damages {
        let folder = StoreFolder::new();
        fs::create_dir(folder.folder()).expect("made");
        fs::write(folder.file(), &bytes).expect("written");

        let error = folder.refusal();

        let is_refused = matches!(error, StoreError::Damaged { .. } | StoreError::Foreign { .. });
        assert!(is_refused, "{what}: {error}");
        assert!(check(&folder.folder()).is_err(), "{what}");
        assert_eq!(fs::read(folder.file()).expect("there"), bytes, "{what}");
    }
}

#[test]
fn an_empty_file_and_one_of_another_program_are_not_taken_for_a_store_without_rooms() {
    for sql in ["", "CREATE TABLE notes (text TEXT); PRAGMA user_version = 1;"] {
        let folder = StoreFolder::new();
        fs::create_dir(folder.folder()).expect("made");
        fs::write(folder.file(), b"").expect("written");
        folder.sql(sql);

        assert!(matches!(folder.refusal(), StoreError::Foreign { .. }), "{sql}");
    }
}

#[tokio::test]
async fn a_store_without_its_file_but_with_its_log_is_not_recreated() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;
    let log = fs::read(folder.folder().join("rooms.db-wal")).expect("there");
    store.end().await;
    fs::write(folder.folder().join("rooms.db-wal"), log).expect("written");
    fs::remove_file(folder.file()).expect("removed");

    assert!(matches!(folder.refusal(), StoreError::Damaged { .. }));
}

#[tokio::test]
async fn a_damaged_room_keeps_no_other_room_from_its_members() {
    for (damage, is_named) in [
        ("access = 'secret'", true),
        ("route = x'00'", true),
        ("id = x'00'", true),
        ("name = 'Über'", false),
        ("name = CAST(x'ff' AS TEXT)", false),
    ] {
        let folder = StoreFolder::new();
        let (store, _) = folder.open();
        for number in 1..=3 {
            keep(&store, &bare_room(number)).await;
        }
        store.end().await;
        let damaged = bare_room(2).record.room.name;
        folder.sql(&format!("UPDATE rooms SET {damage} WHERE name = '{damaged}'"));

        let (store, contents) =
            Store::open(&folder.folder(), Limits::default()).expect("the others are whole");

        let names: Vec<RoomName> = contents.rooms.iter().map(|room| room.name.clone()).collect();
        assert_eq!(names, [1, 3].map(|number| bare_room(number).record.room.name));
        let found: Vec<Option<RoomName>> = contents.damaged.into_iter().map(|room| room.name).collect();
        assert_eq!(found, [is_named.then_some(damaged)], "{damage}");
        assert_eq!(read(&store, 3).await, Some(bare_room(3)), "{damage}");
        store.end().await;
        assert_eq!(folder.count("rooms"), 3, "{damage}: it can still be restored");
        let checked = check(&folder.folder());
        assert!(matches!(checked, Err(StoreError::Damaged { .. })), "{checked:?}");
    }
}

#[tokio::test]
async fn a_value_that_no_room_wrote_is_damage() {
    for sql in [
        "UPDATE rooms SET access = 'secret'",
        "UPDATE rooms SET route = x'00'",
        "UPDATE rooms SET name = 'Über'",
        "UPDATE rooms SET rate = 5",
        "UPDATE seats SET role = 'king'",
        "UPDATE chat SET id = x'0011'",
        "UPDATE chat SET name = ''",
        "UPDATE rooms SET lives = x'00'",
        "UPDATE rooms SET salt = x'00'",
        "UPDATE bans SET tokens = x'00'",
        "UPDATE bans SET address = x'00'",
    ] {
        let folder = StoreFolder::with_a_room().await;
        folder.sql(sql);

        let found = check(&folder.folder());

        assert!(
            matches!(found, Err(StoreError::Damaged { .. })),
            "{sql}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_left_alone() {
    let folder = StoreFolder::with_a_room().await;
    folder.sql("PRAGMA user_version = 9");

    let error = folder.refusal();

    assert!(matches!(error, StoreError::Newer { found: 9, .. }), "{error}");
    assert_eq!(folder.count("rooms"), 1);
}

#[tokio::test]
async fn a_store_that_others_can_read_is_tightened_and_anothers_is_refused() {
    let folder = StoreFolder::with_a_room().await;
    let mode = |mode| fs::set_permissions(folder.file(), fs::Permissions::from_mode(mode)).expect("ours");
    mode(0o644);

    assert_eq!(folder.rooms().await, 1);

    let now = fs::metadata(folder.file()).expect("there").permissions().mode();
    assert_eq!(now & 0o777, 0o600);
    let elsewhere = folder.0.path().join("elsewhere.db");
    fs::rename(folder.file(), &elsewhere).expect("ours");
    std::os::unix::fs::symlink(&elsewhere, folder.file()).expect("linked");
    assert!(matches!(folder.refusal(), StoreError::File { .. }));
    fs::set_permissions(folder.folder(), fs::Permissions::from_mode(0o777)).expect("ours");
    assert!(matches!(folder.refusal(), StoreError::Folder { .. }));
}
