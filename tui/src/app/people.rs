//! News of members: they change the room, and may be told in the chat.

use watchtogether_protocol::MemberId;
use watchtogether_protocol::message::roster::{HostChangeReason, LeaveReason, Link, Member};

use crate::model::Room;
use crate::model::chat_log::Fold;
use crate::model::teller::Teller;
use crate::strings;
use crate::text;
use crate::update::{Change, News, Weight};

/// Takes in that somebody came in; says whether anything that is shown is different.
pub(super) fn joined(room: &mut Room, member: Member, mut tell: Teller<'_>) -> bool {
    let (id, name) = (member.id, member.name.clone());
    if room.put(member).is_none() && id != room.you {
        tell.came_or_went(&mut room.chat, id, name.as_str(), Change::Joined);
    }
    true
}

/// Takes in that somebody is gone; says whether anything that is shown is different.
pub(super) fn left(room: &mut Room, id: MemberId, why: LeaveReason, mut tell: Teller<'_>) -> bool {
    let change = match why {
        LeaveReason::Left => Change::Left,
        LeaveReason::LinkLost => Change::Gone,
        LeaveReason::Disconnected => Change::Disconnected,
        LeaveReason::Kicked { .. } => Change::Kicked,
        LeaveReason::Banned { .. } => Change::Banned,
    };
    if id == room.you {
        // The picture of the evening stays as it was.
        tell.came_or_went(&mut room.chat, id, strings::YOU, change);
        return true;
    }
    let Some(member) = room.remove(id) else {
        return false;
    };
    tell.came_or_went(&mut room.chat, id, member.name.as_str(), change);
    true
}

/// Takes in that something about somebody is different; says whether anything that is shown is.
pub(super) fn changed(room: &mut Room, member: Member, mut tell: Teller<'_>) -> bool {
    let (id, name, link) = (member.id, member.name.clone(), member.link);
    let after = member.clone();
    let before = room.put(member);
    let change = match (before.as_ref().map(|before| before.link), link) {
        (Some(Link::Up | Link::Silent), Link::Lost) => Some(Change::Unreachable),
        (Some(Link::Lost), Link::Up | Link::Silent) => Some(Change::Back),
        (Some(Link::Up | Link::Silent), Link::Up | Link::Silent)
        | (Some(Link::Lost), Link::Lost)
        | (None, _) => None,
    };
    if id != room.you {
        if let Some(change) = change {
            tell.came_or_went(&mut room.chat, id, name.as_str(), change);
        }
        let title = room.transport.as_ref().map_or_else(
            || strings::THE_FILM.to_owned(),
            |on| text::safe(on.title.as_str()),
        );
        let news = before
            .as_ref()
            .map(|before| room.copies_told.news(&title, before, &after));
        for news in news.unwrap_or_default() {
            let words = strings::member_news(&text::safe(name.as_str()), &title, news);
            let weight = match news {
                News::IsBack => Weight::Calm,
                News::NotReady(_) | News::OtherCopy { .. } => Weight::Warning,
            };
            tell.happened(&mut room.chat, words, weight, Fold::Same);
        }
    }
    before.as_ref() != Some(&after)
}

/// Takes in that the room is somebody else's, and tells it.
pub(super) fn host_changed(
    room: &mut Room,
    host: MemberId,
    why: HostChangeReason,
    mut tell: Teller<'_>,
) -> bool {
    room.host = Some(host);
    if why == HostChangeReason::Undone {
        // Told with whose act it was.
        return true;
    }
    let words = strings::host_changed(&room.name_of(host), host == room.you, why);
    if let Some(line) = tell.happened(&mut room.chat, words, Weight::Calm, Fold::Same) {
        room.undoing.told(None, line);
    }
    true
}
