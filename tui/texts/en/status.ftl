# The own player plays with the room.
in-sync = in sync
# The room plays, and nothing is measured.
playing = playing
# The own player is on its way to the room.
catching-up = catching up
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
# The room is paused.
paused = paused
# The room is paused. $who: the person who paused it.
paused-by = { $who ->
    [you] paused by you
   *[other] paused by { $who }
}
# The item is over.
ended = the end
# How one names a copy of the film.
type-open = type /open PATH
# The server says nothing.
silent = server does not answer
# The link is down.
reconnecting = RECONNECTING
# The film was paused for lack of a link.
paused-here = paused here
# The film goes on without a link.
plays-on = the film plays on
# What a player's percentage stands behind.
buffering = buffering
# The session is over. $why is a clause.
disconnected = DISCONNECTED { $why }
# The user has no player. $why is a clause.
no-player = no player
no-player-because = no player: { $why }
# The player could not open the film. $why is a clause.
player-failed = player failed
player-failed-because = player failed: { $why }
