# Lines over the film, in the mpv window. $who: the person who did it.

# The film pauses.
over-paused = { $who } paused
# A seek. $to: the new position.
over-went = { $who } went to { $to }
# Somebody undid something. $now: how things are now, as in the event line.
over-undid = { $who } undid it: { $now }
# Somebody undid an undo. $now: how things are now, as in the event line.
over-redid = { $who } redid it: { $now }
# The host removed somebody.
over-kicked = { $who } was removed
# The host banned somebody.
over-banned = { $who } was banned
# Somebody left.
over-left = { $who } left
# Somebody's connection is lost.
over-lost = { $who } lost the connection
# The film is paused on this machine because there is no connection.
over-paused-no-link = connection lost: paused here
# The film is paused on this machine because the room is over. $why: the reason.
over-paused-closed = { $why }: paused here
# The room waits for people. $names: who they are, from the messages below.
over-waiting = waiting for { $names }
# One of them, whose player buffers. $percent: how full its cache is.
over-buffering = { $who } (buffering { $percent } %)
# One of them, whose player opens the film.
over-loading = { $who } (loading)
# Why a key does nothing: the room is over.
request-ignored-over = the room has ended
# Why a key does nothing.
no-connection = you're offline
# Why a key does nothing: there is no connection, and the film plays on.
request-ignored-offline = you're offline; the film keeps playing here
# Why a key does nothing. $host: the host's name.
request-ignored-host = only { $host } can pause or seek
