# How the members of a room are doing.

# In the few cells after a name: the program is not responding.
state-silent = not responding
# The player has not arrived where the room will start.
state-underway = getting ready
# The player is with the room.
state-ready = ready
# The player's window was closed.
state-closed = player closed
# The player is opening the film.
state-loading = opening
# Folders are being searched for the film. $folders: the number of folders so far.
state-searching = { $folders ->
    [0] searching
   *[other] searching { $folders }
}
# There is no copy of the film.
state-no-copy = no copy
# The player is catching up or slowing down. $way: whether it is ahead or behind. $time: by how much, as in 12 s.
state-apart = { $way ->
    [ahead] { $time } ahead
   *[behind] { $time } behind
}
# The user chose not to follow the room.
state-detached = at own pace
# The copy is shorter than the room's film. $at: its end.
state-ended = ended at { $at }
# The machine is too slow for the film.
state-too-slow = too slow
# The player is not responding.
state-not-responding = player frozen
# The player cannot read the file.
state-unreadable = cannot read it
# The player cannot play the file.
state-not-a-film = cannot play it
# The player crashed.
state-crashed = player crashed
# The player failed for another reason.
state-failed = player failed

# The same as a sentence about one member. $name: the member.

# The connection is lost.
one-lost = { $name } lost the connection
# The program is not responding.
one-silent = { $name } is not responding
# The player has not arrived where the room will start.
one-underway = { $name } is getting ready
# There is no player, by choice.
one-no-player = { $name } has no player
# Everything is fine.
one-ready = { $name } is ready
# The player's window was closed.
one-closed = { $name } closed the player
# The player is opening the film.
one-loading = { $name } is opening the film
# Folders are being searched for the film.
one-searching = { $name } is looking for the film
# There is no copy of the film.
one-no-copy = { $name } doesn't have the film
# The player is catching up with the room.
one-catching-up = { $name } is catching up
# The user chose not to follow the room.
one-detached = { $name } watches at their own pace
# The machine is too slow for the film.
one-too-slow = { $name } cannot keep up
# The player is catching up or slowing down. $way: whether it is ahead or behind. $time: by how much, as in 12 s.
one-apart = { $way ->
    [ahead] { $name } is { $time } ahead
   *[behind] { $name } is { $time } behind
}
# The player has run out of data. $percent: how full its cache is.
one-buffering = { $name } is buffering { $percent } %
# The copy is shorter than the room's film. $at: its end.
one-ended = { $name }'s copy ended at { $at }
# The player is not responding.
one-not-responding = { $name }'s player is not responding
# The player cannot read the file.
one-unreadable = { $name }'s player cannot read the film
# The player cannot play the file.
one-not-a-film = { $name }'s player cannot play the film
# The player crashed.
one-crashed = { $name }'s player crashed
# The player failed for another reason.
one-failed = { $name }'s player failed

# The same as a sentence about several members. $names: the members.

# The connection is lost.
several-lost = { $names } lost the connection
# The program is not responding.
several-silent = { $names } are not responding
# The player has not arrived where the room will start.
several-underway = { $names } are getting ready
# There is no player, by choice.
several-no-player = { $names } have no player
# Everything is fine.
several-ready = { $names } are ready
# The player's window was closed.
several-closed = { $names } closed their players
# The player is opening the film.
several-loading = { $names } are opening the film
# Folders are being searched for the film.
several-searching = { $names } are looking for the film
# There is no copy of the film.
several-no-copy = { $names } don't have the film
# The player is catching up with the room.
several-catching-up = { $names } are catching up
# The user chose not to follow the room.
several-detached = { $names } watch at their own pace
# The machine is too slow for the film.
several-too-slow = { $names } cannot keep up
# The players have run out of data.
several-buffering = { $names } are buffering
# The copies are shorter than the room's film.
several-ended = the copies of { $names } ended
# The players are not responding.
several-not-responding = the players of { $names } are not responding
# The players failed.
several-failed = the players of { $names } failed

# After names: there are more. $count: their number.
others-more = { $count } more
# In the status bar: nobody else is in the room.
here-alone = only you here
# The number of members. $count: the number.
here = { $count } here
# The same where everybody who watches is ready. $count: the number.
here-all-ready = { $count } here, all ready
# How many of those who watch are ready. $ready: their number. $of: the number of those who watch.
here-ready = { $ready } of { $of } ready
# The same for a narrow terminal.
here-ready-short = { $ready }/{ $of } ready
