//! Tests of stores that older versions wrote.

use super::*;

/// Returns the file of a schema version as it was released. `GOLDEN=write` writes the newest version, as long as it is not
/// released.
fn golden(schema: i32) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    folder.join(format!("rooms-{schema}.db"))
}

#[tokio::test]
async fn a_store_of_each_schema_opens_with_its_rooms() {
    let rooms = [room(1), bare_room(2)];
    if std::env::var("GOLDEN").as_deref() == Ok("write") {
        let folder = StoreFolder::new();
        let (store, _) = folder.open();
        for room in &rooms {
            keep(&store, room).await;
        }
        let path = golden(schema::CURRENT);
        fs::remove_file(&path).ok();
        backup(&folder.folder(), &path).expect("written");
    }
    for schema in 1..=schema::CURRENT {
        let folder = StoreFolder::new();
        fs::create_dir(folder.folder()).expect("made");
        fs::copy(golden(schema), folder.file()).expect("there is one of each schema");

        let (store, kept) = folder.open();

        assert_eq!(kept.len(), 2);
        let mut first = rooms[0].clone();
        if schema < 2 {
            first.record.room.owner = None;
            first
                .record
                .seats
                .iter_mut()
                .for_each(|seat| seat.is_owner = false);
        }
        if schema < 4 {
            first.record.room.settings.title = None;
        }
        let mut second = rooms[1].clone();
        if schema < 3
            && let Some((_, item)) = &mut second.record.room.item
        {
            item.length = Length::Unknown;
        }
        assert_eq!(read(&store, 1).await, Some(first));
        assert_eq!(read(&store, 2).await, Some(second));
        store.end().await;
        assert_eq!(check(&folder.folder()).expect("whole").schema, schema::CURRENT);
    }
}

#[tokio::test]
async fn a_room_stored_by_an_older_program_is_continued() {
    let folder = StoreFolder::new();
    fs::create_dir(folder.folder()).expect("made");
    fs::copy(golden(1).with_file_name("evening-1.db"), folder.file()).expect("it is in the repository");

    let (store, kept) = folder.open();
    let stored = store
        .read(kept[0].id)
        .await
        .expect("it can be read")
        .expect("it is there");
    store.end().await;

    assert!(kept[0].is_occupied);
    assert!(matches!(stored.access.condition, EntryCondition::Invite(_)));
    let RoomRecord {
        room, seats, chat, ..
    } = stored.record;
    assert_eq!(
        (room.name.as_str(), room.host, room.owner),
        ("film-night", Some(MemberId(1)), None)
    );
    assert_eq!(room.place.position, MediaTime::from_millis(754_000));
    assert_eq!(
        room.item.map(|(_, item)| item.title.to_string()).as_deref(),
        Some("film.mkv")
    );
    let names: Vec<&str> = seats.iter().map(|seat| seat.name.as_str()).collect();
    assert_eq!(
        (names, seats[0].role, seats[0].is_owner),
        (vec!["Ana", "Bo"], Role::Host, false)
    );
    let texts: Vec<&str> = chat.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["Shall we begin?", "Yes, go on"]);
}
