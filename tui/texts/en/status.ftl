# The user's player plays with the room. $spread: how far it strays, in milliseconds.
in-sync = in sync ±{ $spread } ms
# The room plays, and nothing is measured.
playing = playing
# The user's player is on its way to the room.
catching-up = catching up
# The same with numbers. $behind: the distance, as in 0.42 s.
catching-up-by = catching up { $behind } behind
# The same. $speed: the player's speed, as in x1.05.
catching-up-at = catching up { $behind } behind, { $speed }
# The user's player waits for the room by playing slower. $ahead: the distance, as in 0.42 s.
slowing-down-by = slowing down { $ahead } ahead
# The same. $speed: the player's speed, as in x0.95.
slowing-down-at = slowing down { $ahead } ahead, { $speed }
# The user's player was sent to the room's position. $by: the distance, as in 3.1 s.
jumped = jumped { $by } to the room
# The user's player is not where the room is. $drift: the distance, as in +12.4 s.
out-of-sync = out of sync { $drift }
# The user's player has arrived and is still being measured. $spread: how far it strays, in milliseconds.
settling = settling ±{ $spread } ms
# The clocks are being compared.
comparing = comparing clocks
# Nothing is on.
no-item = nothing on yet
# The item is being opened.
loading = opening the film
# The player cannot keep up.
too-slow = cannot keep up with the film
# The player does not respond.
not-responding = your player is not responding
# Behind a percentage, where the room waits.
room-waits = room is waiting for you
# The room starts at once.
starting = starting
# The room starts soon. $seconds: the seconds until then.
starting-in = starting in { $seconds }
# The room is paused.
paused = paused
# The room is paused. $who: the person who paused it.
paused-by = paused by { $who }
# The item is over.
ended = the end
# How one names a copy of the film.
type-open = type /open PATH
# The server says nothing.
silent = server does not answer
# The connection is lost and an attempt is under way. $attempt: its number.
reconnecting = RECONNECTING (try { $attempt })
# The connection is lost and the next attempt follows. $seconds: the seconds until then. $attempt: its number.
reconnecting-in = RECONNECTING { $seconds } s (try { $attempt })
# The film was paused for lack of a link.
paused-here = paused here
# The film goes on without a link.
plays-on = the film plays on
# A player has run out of data. $percent: how full the cache is.
buffering-percent = buffering { $percent } %
# The session is over. $why is a clause.
disconnected = DISCONNECTED { $why }
# The room waits for people. $names: who they are, from the message below.
waiting = waiting for { $names }
# The same where too many are awaited to be named, at least nine. $count: how many.
waiting-count = waiting for { $count } people
# One of them, whose player buffers. $who: the person. $percent: how full the cache is.
waiting-buffering = { $who } (buffering { $percent } %)
# The room starts at another position once everybody is there. $to: the position. $there: how many are there. $of: of how many.
seeking = seeking to { $to } … { $there } of { $of } there
# The user asked for a pause; the room has yet to answer.
asked-pause = pausing
# The same of a seek. $to: the position.
asked-seek = seeking to { $to }
# The same of another speed. $rate: the speed, as in 1.25x.
asked-rate = changing to { $rate }
# The same of playing on without those who are not ready.
asked-go-on = going on
# The same of an undo.
asked-undo = undoing
# The same of another host. $name: the host's name.
asked-hand-over = handing the room to { $name }
