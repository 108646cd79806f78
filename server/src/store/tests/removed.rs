//! Tests of a file that is removed while nothing has it open, because writing it failed before.

use super::*;

/// Returns a store that has closed its file after a failed write, because another connection has locked it.
async fn let_go_of(folder: &StoreFolder) -> Store {
    let (store, _) = folder.open();
    keep(&store, &room(1)).await;
    keep(&store, &bare_room(2)).await;
    let blocker = Connection::open(folder.file()).expect("a database");
    blocker.execute_batch("BEGIN IMMEDIATE").expect("it is held");
    assert_eq!(write(&store, part_of(&room(1))).await, Err(SaveError));
    store
}

async fn write(store: &Store, what: RoomWrite) -> Result<(), SaveError> {
    let answer = store.write(room(1).access, what, Durability::Flushed).await;
    answer.expect("an answer")
}

fn part_of(stored: &StoredRoom) -> RoomWrite {
    RoomWrite::Change(RoomChange {
        room: stored.record.room.clone(),
        seats: Vec::new(),
        gone: Vec::new(),
        chat: vec![line(45)],
        bans: Vec::new(),
        lifted: Vec::new(),
    })
}

#[tokio::test]
async fn a_room_is_whole_in_a_new_file_before_a_part_of_it_counts_as_saved() {
    let folder = StoreFolder::new();
    let store = let_go_of(&folder).await;
    for ending in ["", "-wal", "-shm"] {
        file::remove(&file::beside(&folder.file(), ending)).expect("removed");
    }

    assert_eq!(write(&store, part_of(&room(1))).await, Err(SaveError));
    assert_eq!(read(&store, 1).await, None, "no room without its seats");
    assert_eq!(write(&store, RoomWrite::Whole(room(1).record)).await, Ok(()));
    assert_eq!(write(&store, part_of(&room(1))).await, Ok(()));

    let stored = read(&store, 1).await.expect("it is there");
    assert_eq!((stored.record.seats.len(), stored.record.chat.len()), (3, 6));
    store.end().await;
    assert_eq!(folder.rooms().await, 1);
}

#[tokio::test]
async fn a_file_that_takes_its_place_is_not_taken_for_it() {
    let folder = StoreFolder::new();
    let other = StoreFolder::with_a_room().await;
    let store = let_go_of(&folder).await;
    for ending in ["-wal", "-shm"] {
        file::remove(&file::beside(&folder.file(), ending)).expect("removed");
    }
    fs::rename(other.file(), folder.file()).expect("replaced");

    assert_eq!(write(&store, part_of(&room(1))).await, Err(SaveError));
    assert_eq!(write(&store, RoomWrite::Whole(room(1).record)).await, Ok(()));
    store.end().await;
    assert_eq!(folder.rooms().await, 1);
}
