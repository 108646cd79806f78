//! Tests of copying a store and restoring it.

use super::*;

#[tokio::test]
async fn a_copy_is_made_while_a_server_runs_and_holds_what_was_kept_until_then() {
    let folder = StoreFolder::new();
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;
    // A path that is not UTF-8 is valid.
    let copy = folder.0.path().join(OsStr::from_bytes(b"cop\xe9.db"));

    let census = backup(&folder.folder(), &copy).expect("a copy");
    keep(&store, &room(2)).await;

    let expected = StoreCounts {
        schema: schema::CURRENT,
        rooms: 1,
        seats: 3,
        lines: 5,
    };
    assert_eq!(census, expected);
    assert_eq!(
        fs::metadata(&copy).expect("there").permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(check(&folder.folder()).expect("whole").rooms, 2);
    assert!(matches!(
        backup(&folder.folder(), &copy),
        Err(StoreError::Exists { .. })
    ));
    let names = fs::read_dir(folder.0.path()).expect("readable").count();
    assert_eq!(names, 2, "nothing but the copy and the folder");
}

#[tokio::test]
async fn a_copy_that_is_put_back_takes_the_place_of_what_is_there_and_keeps_it_aside() {
    let folder = StoreFolder::with_a_room().await;
    let copy = folder.0.path().join("copy.db");
    backup(&folder.folder(), &copy).expect("a copy");
    let (store, _) = folder.open();
    keep(&store, &room(2)).await;
    // As after a kill: the latest chat is only in the log.
    let torn = StoreFolder::new();
    fs::create_dir(torn.folder()).expect("made");
    for name in ["rooms.db", "rooms.db-wal"] {
        fs::copy(folder.folder().join(name), torn.folder().join(name)).expect("copied");
    }

    let (census, aside) = restore(&torn.folder(), &copy).expect("put back");
    let aside = aside.expect("there was a store");

    assert_eq!((census.rooms, torn.rooms().await), (1, 1));
    let (census, second) = restore(&torn.folder(), &aside).expect("and back again");
    assert_eq!(census.rooms, 2);
    assert_ne!(second, Some(aside), "each is kept");
    assert_eq!(torn.rooms().await, 2);
}

#[tokio::test]
async fn a_damaged_backup_is_not_restored() {
    let folder = StoreFolder::with_a_room().await;
    let copy = folder.0.path().join("copy.db");
    fs::write(&copy, b"no rooms at all, and long enough to look").expect("written");

    let error = restore(&folder.folder(), &copy).expect_err("it is refused");

    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert_eq!(folder.rooms().await, 1);
}
