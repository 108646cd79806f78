# In plain mode, after what someone else did.
type-to-undo = Type /undo to revert.
# On the screen, after what someone else did. $key: the key that undoes it.
way-to-undo = { $key } undo
# An event line about an undo. $act: a sentence about it, from below. $now: how things are now, from below.
undone = { $act }: { $now }
# Someone undid a seek. $who: that person. $author: the person who seeked; none if it was the same person.
undid-seek = { $author ->
    [none] { $who } undid the seek
    [you] { $who } undid your seek
   *[other] { $who } undid { $author }'s seek
}
# The same for a pause.
undid-pause = { $author ->
    [none] { $who } undid the pause
    [you] { $who } undid your pause
   *[other] { $who } undid { $author }'s pause
}
# The same for the start of the film.
undid-start = { $author ->
    [none] { $who } undid the start
    [you] { $who } undid your start
   *[other] { $who } undid { $author }'s start
}
# The same for a change of speed.
undid-speed = { $author ->
    [none] { $who } undid the speed change
    [you] { $who } undid your speed change
   *[other] { $who } undid { $author }'s speed change
}
# The same for a change of film.
undid-film = { $author ->
    [none] { $who } undid the film change
    [you] { $who } undid your film change
   *[other] { $who } undid { $author }'s film change
}
# The same for a change of host.
undid-host = { $author ->
    [none] { $who } undid the host change
    [you] { $who } undid your host change
   *[other] { $who } undid { $author }'s host change
}
# The same for a setting of the room.
undid-setting = { $author ->
    [none] { $who } undid the change
    [you] { $who } undid your change
   *[other] { $who } undid { $author }'s change
}
# The same for a title of the room.
undid-title = { $author ->
    [none] { $who } undid the rename
    [you] { $who } undid your rename
   *[other] { $who } undid { $author }'s rename
}
# The same for an undo.
undid-undo = { $author ->
    [none] { $who } redid the change
    [you] { $who } undid your undo
   *[other] { $who } undid { $author }'s undo
}
# The room is back where it was before the seek. $at: its position.
now-at = back at { $at }
# The room plays again.
now-plays = playing again
# The room is paused again. $at: its position.
now-paused = paused at { $at }
# The room has its previous film again. $title: the film; none if nothing was on.
now-film = { $title ->
    [none] nothing is on again
   *[other] back to { $title }
}
# The room has its previous host again. $who: the host.
now-host = { $who ->
    [you] you are the host
   *[other] { $who } is the host
}
