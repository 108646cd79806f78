# Event lines of the chat. $who: the person who did it.

# The user opened a room. $room: its name.
event-opened = you opened { $room }
# The user entered a room without a host. $room: its name.
event-entered = you joined { $room }
# The user entered a room. $room: its name. $host: the host's name.
event-entered-host = you joined { $room } · host { $host }
# The head of a saved chat: its columns.
transcript-columns = time, position in the film, message
# Too much happened at once to be read. $count: the number of lines that are not shown.
left-out = { $count ->
    [one] 1 line skipped: too many at once
   *[other] { $count } lines skipped: too many at once
}
# The film starts.
event-played = { $who } pressed play
# The film pauses. $at: its position.
event-paused = { $who } paused at { $at }
# A seek backward. $by: the distance. $to: the new position.
event-went-back = { $who } went back { $by }, to { $to }
# A seek forward. $by: the distance. $to: the new position.
event-went-forward = { $who } went forward { $by }, to { $to }
# A seek that led back to where it began. $to: that position.
event-came-back = { $who } came back to { $to }
# Why a seek beyond the end is refused. $length: the length of the film.
film-is-long = the film is { $length } long
# How a time is typed. $forms: examples. $last: one more.
time-forms = write a time as { $forms } or { $last }; +10 and -10 are relative
# The speed changed. $rate: the new one, as in 1.25x.
event-rate = { $who } set the speed to { $rate }
# A different film was started. $title: its title.
event-put-on = { $who } started { $title }
# The same with $length, its length.
event-put-on-length = { $who } started { $title } ({ $length })
# The room waits for somebody. $who: the person.
event-waiting = waiting for { $who } to buffer
# A file that was still being written is complete. $title: the film. $length: its length.
event-complete = { $title } is complete ({ $length })
# Why a room cannot be opened. $name: its name.
room-exists = a room called { $name } already exists
# The room's film is not on this machine. $title: the film; none if it is not known.
event-no-copy = { $title ->
    [none] you don't have the film. Type /open and the path to your copy
   *[other] you don't have { $title }. Type /open and the path to your copy
}
# Why a key of the player's window did nothing. $host: the host's name.
request-ignored-host-chat = only { $host } can pause or seek; ask in the chat
# The same where the player is back at the room's position.
request-ignored-host-back = only { $host } can pause or seek; you're back in sync
# The same where the room has no host. Also shown over the film.
request-ignored-nobody = nobody can pause or seek right now
# The same where the player is back at the room's position.
request-ignored-nobody-back = nobody can pause or seek right now; you're back in sync
# Why a request is refused. $host: the host's name.
host-only = only { $host } can do that; ask in the chat
# The connection to the server is gone. $why: the reason.
event-link-lost = connection lost: { $why }
# The room has a new host.
event-host = { $who ->
    [you] you are now the host
   *[other] { $who } is now the host
}
# The room has a new host because the previous one left.
event-host-left = { $who ->
    [you] you are now the host: the previous host left
   *[other] { $who } is now the host: the previous host left
}
# The room has a new host because the previous one lost the connection.
event-host-lost = { $who ->
    [you] you are now the host: the previous host lost the connection
   *[other] { $who } is now the host: the previous host lost the connection
}
# The room's owner became host again.
event-host-again = { $who ->
    [you] you are the host again
   *[other] { $who } is the host again
}
# A member whose program was not responding is back. $who: the member.
event-responds = { $who } is responding again
# A member does not have the film. $title: the film; none if it is not known.
event-lacks = { $title ->
    [none] { $who } doesn't have the film
   *[other] { $who } doesn't have { $title }
}
# A member has a player again.
event-watches-again = { $who } is watching again
