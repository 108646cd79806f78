//! Converts rooms to rows of the database and back. A row that no room wrote is an error and never becomes another room.

use std::error::Error;
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use uuid::Uuid;
use watchtogether_protocol::item::{Fingerprint, MediaUrl};
use watchtogether_protocol::message::chat::ChatLine;
use watchtogether_protocol::message::playback::StallPolicy;
use watchtogether_protocol::message::roster::{Avatar, Role};
use watchtogether_protocol::message::settings::{RoomSettings, RoomTitle, RoomTitleError};
use watchtogether_protocol::time::WallTime;
use watchtogether_protocol::{
    ChatId, Clean, Epoch, InviteToken, Item, ItemId, ItemSource, Length, MediaTime, MemberId, MemberName,
    Rate, RoomId, RoomName,
};

use super::file::is_bad_value;
use super::{Contents, DamagedRoom, KeptRoom, StoredRoom};
use crate::auth::{EntryCondition, PasswordHash, RoomAccess};
use crate::limits::RoomLimits;
use crate::room::hashes::{AddressHash, OwnerHash, Salt, TokenHash};
use crate::room::removal::BanRecord;
use crate::room::snapshot::{Life, RoomRecord, RoomRow, RoomWrite, SavedPosition, SeatRecord};

/// Writes what a room submitted.
pub(super) fn write(
    connection: &Connection,
    access: &RoomAccess,
    write: &RoomWrite,
    limits: &RoomLimits,
) -> rusqlite::Result<()> {
    match write {
        RoomWrite::Whole(record) => {
            let id = record.room.id;
            // A room of that name whose task has ended was replaced by this one.
            let mut statement = connection.prepare_cached("DELETE FROM rooms WHERE name = ? AND id != ?")?;
            statement.execute(params![record.room.name.as_str(), id.0.as_bytes()])?;
            write_room(connection, access, &record.room)?;
            for table in [
                "DELETE FROM seats WHERE room = ?",
                "DELETE FROM chat WHERE room = ?",
                "DELETE FROM bans WHERE room = ?",
            ] {
                connection.prepare_cached(table)?.execute([id.0.as_bytes()])?;
            }
            record
                .seats
                .iter()
                .try_for_each(|seat| write_seat(connection, id, seat))?;
            write_bans(connection, id, &record.bans)?;
            write_chat(connection, id, &record.chat, limits.chat_lines)
        }
        RoomWrite::Change(change) => {
            let id = change.room.id;
            write_room(connection, access, &change.room)?;
            for gone in &change.gone {
                let mut statement =
                    connection.prepare_cached("DELETE FROM seats WHERE room = ? AND member = ?")?;
                statement.execute(params![id.0.as_bytes(), gone.0])?;
            }
            change
                .seats
                .iter()
                .try_for_each(|seat| write_seat(connection, id, seat))?;
            for number in &change.lifted {
                let mut statement =
                    connection.prepare_cached("DELETE FROM bans WHERE room = ? AND number = ?")?;
                statement.execute(params![id.0.as_bytes(), number])?;
            }
            write_bans(connection, id, &change.bans)?;
            write_chat(connection, id, &change.chat, limits.chat_lines)
        }
    }
}

/// Deletes a room with everything that belongs to it.
pub(super) fn forget(connection: &Connection, id: RoomId) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM rooms WHERE id = ?")?;
    statement.execute([id.0.as_bytes()]).map(drop)
}

/// Deletes all bans that have expired.
pub(super) fn expire_bans(
    connection: &Connection,
    limits: &RoomLimits,
    now: WallTime,
) -> rusqlite::Result<()> {
    let since = |time: Duration| {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        now.0.saturating_sub(millis).cast_signed()
    };
    let mut statement = connection.prepare_cached("DELETE FROM bans WHERE at <= ?")?;
    statement.execute([since(limits.ban)])?;
    let mut statement =
        connection.prepare_cached("UPDATE bans SET address = NULL WHERE address IS NOT NULL AND at <= ?")?;
    statement.execute([since(limits.ban_address)]).map(drop)
}

fn write_room(connection: &Connection, access: &RoomAccess, room: &RoomRow) -> rusqlite::Result<()> {
    let (kind, secret) = match &access.condition {
        EntryCondition::Open => ("open", None),
        EntryCondition::Invite(token) => ("invite", Some(token.as_bytes().to_vec())),
        EntryCondition::Password(hash) => ("password", Some(hash.to_bytes().to_vec())),
    };
    let item = room.item.as_ref().map(|(_, item)| item);
    let (file_size, fingerprint, link) = match item.map(|item| &item.source) {
        Some(ItemSource::File { size, fingerprint }) => (Some(size.cast_signed()), Some(fingerprint.0), None),
        Some(ItemSource::Link(link)) => (None, None, Some(link.as_str())),
        None => (None, None, None),
    };
    let mut statement = connection.prepare_cached(
        "INSERT INTO rooms (id, name, route, access, secret, on_stall, room_title, epoch, incarnation, lives, created, last_active,
            next_member, host, lost_host, item, title, duration, is_live, file_size, fingerprint, link, position, position_at, rate,
            is_playing, salt, owner)
        VALUES (:id, :name, :route, :access, :secret, :on_stall, :room_title, :epoch, :incarnation, :lives, :created, :last_active,
            :next_member, :host, :lost_host, :item, :title, :duration, :is_live, :file_size, :fingerprint, :link, :position,
            :position_at, :rate, :is_playing, :salt, :owner)
        ON CONFLICT (id) DO UPDATE SET on_stall = :on_stall, room_title = :room_title, epoch = :epoch, incarnation = :incarnation, lives = :lives,
            last_active = :last_active, next_member = :next_member, host = :host, lost_host = :lost_host, item = :item,
            title = :title, duration = :duration, is_live = :is_live, file_size = :file_size, fingerprint = :fingerprint, link = :link,
            position = :position, position_at = :position_at, rate = :rate, is_playing = :is_playing,
            owner = :owner",
    )?;
    let written = statement.execute(named_params! {
        ":id": room.id.0.as_bytes(),
        ":name": room.name.as_str(),
        ":route": access.route,
        ":access": kind,
        ":secret": secret,
        ":on_stall": match room.settings.on_stall { StallPolicy::Wait => "wait", StallPolicy::GoOn => "go_on" },
        ":room_title": room.settings.title.as_ref().map(RoomTitle::as_str),
        ":epoch": room.epoch.counter.cast_signed(),
        ":incarnation": room.epoch.incarnation.cast_signed(),
        ":lives": lives_to_bytes(&room.lives),
        ":created": room.created.0.cast_signed(),
        ":last_active": room.last_active.0.cast_signed(),
        ":next_member": room.next_member,
        ":host": room.host.map(|id| id.0),
        ":lost_host": room.lost_host.map(|id| id.0),
        ":item": room.item.as_ref().map(|(id, _)| id.0.cast_signed()),
        ":title": item.map(|item| item.title.as_str()),
        ":duration": item.and_then(Item::duration).map(MediaTime::as_nanos),
        ":is_live": item.is_some_and(Item::is_live),
        ":file_size": file_size,
        ":fingerprint": fingerprint,
        ":link": link,
        ":position": room.place.position.as_nanos(),
        ":position_at": room.place.at.0.cast_signed(),
        ":rate": room.place.rate.as_millionths(),
        ":is_playing": room.place.is_playing,
        ":salt": room.salt.0,
        ":owner": room.owner.map(|owner| owner.0),
    });
    written.map(drop)
}

fn write_seat(connection: &Connection, room: RoomId, seat: &SeatRecord) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO seats (room, member, name, glyph, colour, role, joined, token, used_token, is_owner)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    let role = match seat.role {
        Role::Viewer => "viewer",
        Role::CoHost => "co_host",
        Role::Host => "host",
    };
    let written = statement.execute(params![
        room.0.as_bytes(),
        seat.member.0,
        seat.name.as_str(),
        seat.avatar.glyph.as_str(),
        seat.avatar.colour,
        role,
        seat.joined.0.cast_signed(),
        seat.token.0,
        seat.used_token.map(|token| token.0),
        seat.is_owner,
    ]);
    written.map(drop)
}

fn write_bans(connection: &Connection, room: RoomId, bans: &[BanRecord]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO bans (room, number, name, tokens, address, at) VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    for ban in bans {
        statement.execute(params![
            room.0.as_bytes(),
            ban.number,
            ban.name.as_str(),
            ban.tokens.iter().flat_map(|token| token.0).collect::<Vec<u8>>(),
            ban.address.map(|address| address.0),
            ban.at.0.cast_signed(),
        ])?;
    }
    Ok(())
}

/// Writes chat lines, and deletes all lines except the newest `kept`.
fn write_chat(
    connection: &Connection,
    room: RoomId,
    lines: &[ChatLine],
    kept: usize,
) -> rusqlite::Result<()> {
    let Some(last) = lines.last() else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO chat (room, sequence, id, member, name, text, at, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for line in lines {
        statement.execute(params![
            room.0.as_bytes(),
            line.sequence.cast_signed(),
            line.id.0.as_bytes(),
            line.from.0,
            line.name.as_str(),
            line.text.as_str(),
            line.at.0.cast_signed(),
            line.position.map(MediaTime::as_nanos),
        ])?;
    }
    let mut statement = connection.prepare_cached("DELETE FROM chat WHERE room = ? AND sequence <= ?")?;
    let oldest = last
        .sequence
        .saturating_sub(u64::try_from(kept).unwrap_or(u64::MAX));
    statement
        .execute(params![room.0.as_bytes(), oldest.cast_signed()])
        .map(drop)
}

/// Returns an index of all rooms, without their contents. A room with a row that no room wrote is listed as damaged.
pub(super) fn index(connection: &Connection) -> rusqlite::Result<Contents> {
    let mut statement = connection.prepare(
        "SELECT *, EXISTS (SELECT 1 FROM seats WHERE seats.room = rooms.id) AS is_occupied FROM rooms ORDER BY name",
    )?;
    let mut rows = statement.query(())?;
    let mut contents = Contents::default();
    while let Some(row) = rows.next()? {
        match kept_of(row) {
            Ok(room) => contents.rooms.push(room),
            Err(error) if is_bad_value(&error) => contents.damaged.push(DamagedRoom {
                name: parsed(row, "name").ok(),
                reason: error.to_string(),
            }),
            Err(error) => return Err(error),
        }
    }
    Ok(contents)
}

fn kept_of(row: &Row<'_>) -> rusqlite::Result<KeptRoom> {
    Ok(KeptRoom {
        id: RoomId(id_of(row, "id")?),
        name: parsed(row, "name")?,
        access: access_of(row)?,
        last_active: wall(row, "last_active")?,
        is_occupied: row.get("is_occupied")?,
    })
}

/// Reads a room with everything that belongs to it.
pub(super) fn read(connection: &Connection, id: RoomId) -> rusqlite::Result<Option<StoredRoom>> {
    let mut statement = connection.prepare_cached("SELECT * FROM rooms WHERE id = ?")?;
    let found = statement
        .query_row([id.0.as_bytes()], |row| Ok((access_of(row)?, room_of(row)?)))
        .optional()?;
    let Some((access, room)) = found else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached("SELECT * FROM seats WHERE room = ? ORDER BY member")?;
    let seats = statement
        .query_map([id.0.as_bytes()], seat_of)?
        .collect::<Result<_, _>>()?;
    let mut statement = connection.prepare_cached("SELECT * FROM chat WHERE room = ? ORDER BY sequence")?;
    let chat = statement
        .query_map([id.0.as_bytes()], line_of)?
        .collect::<Result<_, _>>()?;
    let mut statement = connection.prepare_cached("SELECT * FROM bans WHERE room = ? ORDER BY number")?;
    let bans = statement
        .query_map([id.0.as_bytes()], ban_of)?
        .collect::<Result<_, _>>()?;
    Ok(Some(StoredRoom {
        access,
        record: RoomRecord {
            room,
            seats,
            chat,
            bans,
        },
    }))
}

fn access_of(row: &Row<'_>) -> rusqlite::Result<RoomAccess> {
    let kind: String = row.get("access")?;
    let condition = match kind.as_str() {
        "open" => EntryCondition::Open,
        "invite" => EntryCondition::Invite(InviteToken::from_bytes(row.get("secret")?)),
        "password" => {
            let bytes: Vec<u8> = row.get("secret")?;
            EntryCondition::Password(PasswordHash::from_bytes(sized(&bytes, "secret")?))
        }
        _ => return Err(bad("access", "no such access")),
    };
    Ok(RoomAccess {
        condition,
        route: row.get("route")?,
    })
}

fn room_of(row: &Row<'_>) -> rusqlite::Result<RoomRow> {
    let access = access_of(row)?;
    let on_stall: String = row.get("on_stall")?;
    let title: Option<String> = row.get("room_title")?;
    let lives: Vec<u8> = row.get("lives")?;
    let number: Option<i64> = row.get("item")?;
    let item = number.map(|number| Ok::<_, rusqlite::Error>((ItemId(number.cast_unsigned()), item_of(row)?)));
    let rate = Rate::from_millionths(row.get("rate")?).ok_or_else(|| bad("rate", "no rate"))?;
    Ok(RoomRow {
        id: RoomId(id_of(row, "id")?),
        name: parsed::<RoomName>(row, "name")?,
        epoch: Epoch {
            counter: row.get::<_, i64>("epoch")?.cast_unsigned(),
            incarnation: row.get::<_, i64>("incarnation")?.cast_unsigned(),
        },
        lives: decode_lives(&lives)?,
        invite: access.condition.invite(),
        settings: RoomSettings {
            on_stall: match on_stall.as_str() {
                "wait" => StallPolicy::Wait,
                "go_on" => StallPolicy::GoOn,
                _ => return Err(bad("on_stall", "no such policy")),
            },
            title: title
                .map(|text| text.parse())
                .transpose()
                .map_err(|error: RoomTitleError| bad("room_title", error))?,
        },
        created: wall(row, "created")?,
        last_active: wall(row, "last_active")?,
        next_member: row.get("next_member")?,
        host: row.get::<_, Option<u32>>("host")?.map(MemberId),
        lost_host: row.get::<_, Option<u32>>("lost_host")?.map(MemberId),
        item: item.transpose()?,
        place: SavedPosition {
            position: MediaTime::from_nanos(row.get("position")?),
            at: wall(row, "position_at")?,
            rate,
            is_playing: row.get("is_playing")?,
        },
        salt: Salt(row.get("salt")?),
        owner: row.get::<_, Option<[u8; 32]>>("owner")?.map(OwnerHash),
    })
}

fn item_of(row: &Row<'_>) -> rusqlite::Result<Item> {
    let link: Option<String> = row.get("link")?;
    let source = match link {
        Some(link) => ItemSource::Link(link.parse::<MediaUrl>().map_err(|error| bad("link", error))?),
        None => ItemSource::File {
            size: row.get::<_, i64>("file_size")?.cast_unsigned(),
            fingerprint: Fingerprint(row.get("fingerprint")?),
        },
    };
    let title: String = row.get("title")?;
    let duration = row.get::<_, Option<i64>>("duration")?.map(MediaTime::from_nanos);
    let item = Item {
        title: Clean::line(&title),
        length: if row.get("is_live")? {
            Length::Live
        } else {
            duration.into()
        },
        source,
    };
    item.check().map_err(|reason| bad("title", reason))?;
    Ok(item)
}

fn seat_of(row: &Row<'_>) -> rusqlite::Result<SeatRecord> {
    let (role, glyph): (String, String) = (row.get("role")?, row.get("glyph")?);
    Ok(SeatRecord {
        member: MemberId(row.get("member")?),
        name: member_name(row)?,
        avatar: Avatar {
            glyph: Clean::line(&glyph),
            colour: row.get("colour")?,
        },
        role: match role.as_str() {
            "viewer" => Role::Viewer,
            "co_host" => Role::CoHost,
            "host" => Role::Host,
            _ => return Err(bad("role", "no such role")),
        },
        joined: wall(row, "joined")?,
        token: TokenHash(row.get("token")?),
        used_token: row.get::<_, Option<[u8; 32]>>("used_token")?.map(TokenHash),
        is_owner: row.get("is_owner")?,
    })
}

fn ban_of(row: &Row<'_>) -> rusqlite::Result<BanRecord> {
    let tokens: Vec<u8> = row.get("tokens")?;
    let (tokens, rest) = tokens.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(bad("tokens", "half a hash"));
    }
    Ok(BanRecord {
        number: row.get("number")?,
        name: member_name(row)?,
        tokens: tokens.iter().copied().map(TokenHash).collect(),
        address: row.get::<_, Option<[u8; 32]>>("address")?.map(AddressHash),
        at: wall(row, "at")?,
    })
}

fn line_of(row: &Row<'_>) -> rusqlite::Result<ChatLine> {
    let text: String = row.get("text")?;
    Ok(ChatLine {
        sequence: row.get::<_, i64>("sequence")?.cast_unsigned(),
        id: ChatId(id_of(row, "id")?),
        from: MemberId(row.get("member")?),
        name: member_name(row)?,
        text: Clean::text(&text),
        at: wall(row, "at")?,
        position: row.get::<_, Option<i64>>("position")?.map(MediaTime::from_nanos),
    })
}

fn lives_to_bytes(lives: &[Life]) -> Vec<u8> {
    let numbers = lives
        .iter()
        .flat_map(|life| [life.epoch.counter, life.epoch.incarnation, life.chat]);
    numbers.flat_map(u64::to_le_bytes).collect()
}

fn decode_lives(bytes: &[u8]) -> rusqlite::Result<Vec<Life>> {
    let (lives, rest) = bytes.as_chunks::<24>();
    if !rest.is_empty() {
        return Err(bad("lives", "half a life"));
    }
    let number = |bytes: &[u8; 24], index: usize| {
        let mut number = [0; 8];
        number.copy_from_slice(&bytes[index * 8..index * 8 + 8]);
        u64::from_le_bytes(number)
    };
    let life = |bytes: &[u8; 24]| Life {
        epoch: Epoch {
            counter: number(bytes, 0),
            incarnation: number(bytes, 1),
        },
        chat: number(bytes, 2),
    };
    Ok(lives.iter().map(life).collect())
}

fn wall(row: &Row<'_>, column: &str) -> rusqlite::Result<WallTime> {
    Ok(WallTime(row.get::<_, i64>(column)?.cast_unsigned()))
}

fn id_of(row: &Row<'_>, column: &str) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

fn parsed<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error| bad(column, error))
}

/// Reads a member's name; an older version may have admitted one that is reserved now.
fn member_name(row: &Row<'_>) -> rusqlite::Result<MemberName> {
    let text: String = row.get("name")?;
    MemberName::existing(&text).map_err(|error| bad("name", error))
}

fn sized<const N: usize>(bytes: &[u8], column: &str) -> rusqlite::Result<[u8; N]> {
    bytes.try_into().map_err(|error| bad(column, error))
}

/// Returns the error for a column whose value no room wrote.
fn bad(column: &str, reason: impl Into<Box<dyn Error + Send + Sync>>) -> rusqlite::Error {
    let reason = format!("column {column}: {}", reason.into());
    rusqlite::Error::FromSqlConversionFailure(0, Type::Null, reason.into())
}
