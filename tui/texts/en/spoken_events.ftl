# Members that come and go. $who: the member.
spoken-joined = { $who } joined.
spoken-left = { $who } left.
spoken-left-lost = { $who } left: connection lost.
spoken-cut-off = { $who } got disconnected.
spoken-lost = { $who } lost the connection.
spoken-is-back = { $who } is back.
# Someone was removed or banned, by the user or by the host. $who: that person.
spoken-you-kicked = You removed { $who }.
spoken-kicked = { $who ->
    [you] The host removed you.
   *[other] The host removed { $who }.
}
spoken-you-banned = You banned { $who }.
spoken-banned = { $who ->
    [you] The host banned you.
   *[other] The host banned { $who }.
}
# The room has a new host: the previous one chose them, left or lost the connection, or the room's owner became host again.
# $who: the new host.
spoken-host = { $who ->
    [you] You are now the host.
   *[other] { $who } is now the host.
}
spoken-host-left = { $who ->
    [you] You are now the host: the previous host left.
   *[other] { $who } is now the host: the previous host left.
}
spoken-host-lost = { $who ->
    [you] You are now the host: the previous host lost the connection.
   *[other] { $who } is now the host: the previous host lost the connection.
}
spoken-host-again = { $who ->
    [you] You are the host again.
   *[other] { $who } is the host again.
}
# Why someone cannot be made the host: they are the host. $who: that person.
spoken-host-already = { $who ->
    [you] You are already the host.
   *[other] { $who } is already the host.
}
# Someone changed a setting of the room. $title: its title.
spoken-set-wait = { $who ->
    [you] You set the room to wait when someone is buffering.
   *[other] { $who } set the room to wait when someone is buffering.
}
spoken-set-go-on = { $who ->
    [you] You set the room to keep playing when someone is buffering.
   *[other] { $who } set the room to keep playing when someone is buffering.
}
spoken-set-title = { $who ->
    [you] You renamed the room to { $title }.
   *[other] { $who } renamed the room to { $title }.
}
spoken-set-no-title = { $who ->
    [you] You gave the room its original name back.
   *[other] { $who } gave the room its original name back.
}
# What the room does by itself: the film is over, the room waits for someone, goes on, or is back after a restart of its server.
spoken-ended = The film is over.
spoken-waiting = Waiting for { $who } to buffer.
spoken-went-on = Playing again.
spoken-restored = The room is back where it was.
# A member's program is responding again. $who: the member.
spoken-responds = { $who } is responding again.
# Bans were lifted. $names: the people who were banned.
spoken-may-come-in = { $names } can join again.
# The server cannot write to its disk, and can again.
spoken-not-saved = Not saved: the server cannot write to its disk. Chat and playback still work.
spoken-saved-again = Saved again, including everything since then.
# The user's seat cannot be written to their disk. $why: the reason.
spoken-seat-not-saved = Your seat cannot be saved on this machine ({ $why }). After a crash you will join as a new member.
# A key in the mpv window has no effect. $host: the host's name; none if there is no host.
spoken-request-undone = { $host ->
    [none] Nobody can pause or seek right now.
   *[other] Only { $host } can pause or seek. Ask in the chat.
}
# The same where the player is back at the room's position.
spoken-request-undone-back = { $host ->
    [none] Nobody can pause or seek right now. You're back in sync.
   *[other] Only { $host } can pause or seek. You're back in sync.
}
# The same because the room is over, or because there is no connection. $film: whether the film goes on on this machine.
spoken-request-over = The room has ended.
spoken-request-offline = { $film ->
    [plays] You're offline. The film keeps playing here.
   *[paused] You're offline.
}
# A request needs a connection.
spoken-offline = You're offline. Try again once reconnected.
# The connection is lost. $why: a clause. $film: whether the film goes on on this machine.
spoken-connection-lost = { $film ->
    [plays] Connection lost: { $why }. The film keeps playing.
    [paused] Connection lost: { $why }. The film is paused here.
   *[none] Connection lost: { $why }.
}
spoken-link-back = Connected again.
# Nothing arrives from the server. $film: as above.
spoken-server-silent = { $film ->
    [plays] The server is not responding. The film keeps playing.
    [paused] The server is not responding. The film is paused here.
   *[none] The server is not responding.
}
# Someone else did something that the user can undo. $act: a sentence about it.
spoken-may-undo = { $act } Type /undo to revert.
# Nobody has that name. $name: the name that was typed.
spoken-nobody-called = Nobody here is called { $name }.
spoken-nobody-banned-called = Nobody called { $name } is banned.
# The outcome of what the user asked for. $what: a clause.
spoken-done = Done: { $what }.
# The same where it failed. $why and $hint: clauses.
spoken-refused-hint = Not done: { $why }. Hint: { $hint }.
# Why a member is not ready. $clause: a clause that begins with their name, as in one-no-copy.
spoken-not-ready = { $clause }.
# What the user wrote cannot be sent. $why: a clause.
spoken-not-sendable = Not sent: { $why }.
# The user asked for no player, with --player none.
spoken-no-player-by-choice = Player turned off.
# Something was put into the clipboard.
spoken-copied = Copied, if your terminal allows it.
# A name that was typed is not one that a room can have. $name: the name that is used.
spoken-room-is-called = The room is called { $name }.
# Tab was pressed, and several words fit. $words: a list of them.
spoken-completions = { $words }.
