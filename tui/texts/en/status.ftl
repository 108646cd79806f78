# The user's player is in sync. $spread: how much the drift varies, in milliseconds.
in-sync = in sync ±{ $spread } ms
# The room plays, and nothing is measured.
playing = playing
# The user's player is behind.
catching-up = catching up
# The same with $behind, the distance, as in 0.42 s.
catching-up-by = catching up { $behind } behind
# The same with $speed: the player's speed, as in x1.05.
catching-up-at = catching up { $behind } behind, { $speed }
# The user's player is ahead and plays slower. $ahead: the distance, as in 0.42 s.
slowing-down-by = slowing down { $ahead } ahead
# The same with $speed: the player's speed, as in x0.95.
slowing-down-at = slowing down { $ahead } ahead, { $speed }
# The user's player seeked to the room's position. $by: the distance, as in 3.1 s.
jumped = jumped { $by } to sync
# The user's player does not follow the room. $drift: the distance, as in +12.4 s.
out-of-sync = out of sync { $drift }
# The user's player has arrived and is still being adjusted. $spread: how much the drift varies, in milliseconds.
settling = settling ±{ $spread } ms
# The clocks are being compared.
comparing = comparing clocks
# Nothing is on.
no-item = nothing on yet
# The item is being opened.
loading = opening the film
# The player cannot keep up.
too-slow = cannot keep up with the film
# The player is not responding.
not-responding = your player is not responding
# After the percentage of the buffer, if the room waits.
room-waits = the room is waiting for you
# The room starts at once.
starting = starting
# The room starts soon. $seconds: the seconds until then.
starting-in = starting in { $seconds }
# The room is paused.
paused = paused
# The room is paused. $who: the person who paused it.
paused-by = paused by { $who }
# The film is over.
ended = the film is over
# What to do without a copy of the film.
type-open = type /open PATH
# Nothing arrives from the server.
silent = server not responding
# The connection is lost and an attempt is under way. $attempt: its number.
reconnecting = RECONNECTING (try { $attempt })
# The connection is lost and the next attempt follows. $seconds: the seconds until then. $attempt: its number.
reconnecting-in = RECONNECTING { $seconds } s (try { $attempt })
# The film is paused on this machine, because there is no connection.
paused-here = paused here
# The film goes on without a connection.
plays-on = the film keeps playing
# A player has run out of data. $percent: how full its cache is.
buffering-percent = buffering { $percent } %
# The session is over. $why is a clause.
disconnected = DISCONNECTED { $why }
# The room waits for people. $names: who they are, from the message below.
waiting = waiting for { $names }
# The room waits for too many people to name them, at least nine. $count: their number.
waiting-count = waiting for { $count } people
# One of them, whose player buffers. $who: the person. $percent: how full its cache is.
waiting-buffering = { $who } (buffering { $percent } %)
# The room starts at another position once everybody is there. $to: the position. $there: how many are there. $of: of how many.
seeking = seeking to { $to } … { $there } of { $of } there
# The user asked for a pause, and the server has not answered yet.
asked-pause = pausing
# The same for a seek. $to: the position.
asked-seek = seeking to { $to }
# The same for a change of speed. $rate: the new speed, as in 1.25x.
asked-rate = changing to { $rate }
# The same for /go-on.
asked-go-on = going on
# The same for an undo.
asked-undo = undoing
# The same for a change of host. $name: the new host.
asked-hand-over = making { $name } the host
