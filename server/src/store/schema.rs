//! The schema of the store's file, and the migrations from older ones.

use rusqlite::{Connection, TransactionBehavior};

/// Distinguishes our file from other SQLite files: "watc" in ASCII.
pub(super) const APPLICATION: i32 = 0x7761_7463;

/// The migrations from each version to the next; the first creates version 1 from nothing. A released migration is never changed;
/// `tests/it/golden` has a file of each version.
const STEPS: [&str; 4] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4];

/// The schema version that this program writes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "there are only a few steps"
)]
pub(super) const CURRENT: i32 = STEPS.len() as i32;

/// The statements that create version 1.
const VERSION_1: &str = "
    CREATE TABLE rooms (
        id BLOB NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        -- What the tokens of its seats begin with.
        route BLOB NOT NULL,
        -- What it asks of who wants in: 'open', 'invite' with the token, 'password' with salt and Argon2id hash.
        access TEXT NOT NULL,
        secret BLOB,
        on_stall TEXT NOT NULL,
        -- Its life, and the former ones: counter, incarnation, last line, 8 bytes each, little-endian.
        epoch INTEGER NOT NULL,
        incarnation INTEGER NOT NULL,
        lives BLOB NOT NULL,
        -- Wall clocks are in milliseconds since 1970, positions and durations in nanoseconds, rates in millionths.
        created INTEGER NOT NULL,
        last_active INTEGER NOT NULL,
        next_member INTEGER NOT NULL,
        host INTEGER,
        lost_host INTEGER,
        item INTEGER,
        title TEXT,
        duration INTEGER,
        file_size INTEGER,
        fingerprint BLOB,
        link TEXT,
        position INTEGER NOT NULL,
        position_at INTEGER NOT NULL,
        rate INTEGER NOT NULL,
        is_playing INTEGER NOT NULL,
        -- What the addresses in its bans are hashed with.
        salt BLOB NOT NULL
    ) STRICT;
    CREATE TABLE seats (
        room BLOB NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        member INTEGER NOT NULL,
        name TEXT NOT NULL,
        glyph TEXT NOT NULL,
        colour INTEGER NOT NULL,
        role TEXT NOT NULL,
        joined INTEGER NOT NULL,
        -- SHA-256 of what takes the seat again, and of what took it the last time.
        token BLOB NOT NULL,
        used_token BLOB,
        PRIMARY KEY (room, member)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE chat (
        room BLOB NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        id BLOB NOT NULL,
        member INTEGER NOT NULL,
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        at INTEGER NOT NULL,
        position INTEGER,
        PRIMARY KEY (room, sequence)
    ) STRICT;
    CREATE TABLE bans (
        room BLOB NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        -- SHA-256 of what took the seat, and of what took it the time before: 32 bytes each.
        tokens BLOB NOT NULL,
        -- SHA-256 of the salt and the address, for as long as that is banned.
        address BLOB,
        at INTEGER NOT NULL,
        PRIMARY KEY (room, number)
    ) STRICT, WITHOUT ROWID;
";

/// The statements that migrate version 1 to 2.
const VERSION_2: &str = "
    -- SHA-256 of what the member is known by who opened the room; nothing in rooms that were opened before.
    ALTER TABLE rooms ADD COLUMN owner BLOB;
    -- Whether the member in the seat is that one.
    ALTER TABLE seats ADD COLUMN is_owner INTEGER NOT NULL DEFAULT 0;
";

/// The statements that migrate version 2 to 3.
const VERSION_3: &str = "
    -- Whether a player has found what is on to be live; not known of what was on before.
    ALTER TABLE rooms ADD COLUMN is_live INTEGER NOT NULL DEFAULT 0;
";

/// The statements that migrate version 3 to 4.
const VERSION_4: &str = "
    -- What the room is called, where that is not its name.
    ALTER TABLE rooms ADD COLUMN room_title TEXT;
";

/// Returns the version of a file.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Migrates a file from its version to [`CURRENT`], each step completely or not at all.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let before = version(connection)?;
    for (to, step) in (1..).zip(STEPS).skip_while(|(to, _)| *to <= before) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", to)?;
        transaction.commit()?;
    }
    Ok(())
}
