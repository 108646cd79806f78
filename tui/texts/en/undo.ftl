# What somebody who reads by lines is told behind another's act.
type-to-undo = Type /undo to revert.
# Behind another's act, never broken in two. $key: the key that undoes it.
way-to-undo = { $key } undo
# An event line about an undo. $act: a sentence about it, from below. $now: how things are now, from below.
undone = { $act }: { $now }
# Somebody undid a seek. $who: that person. $author: whose seek it was; none if it was their own.
undid-seek = { $author ->
    [none] { $who } undid the seek
    [you] { $who } undid your seek
   *[other] { $who } undid { $author }'s seek
}
# The same of a pause.
undid-pause = { $author ->
    [none] { $who } undid the pause
    [you] { $who } undid your pause
   *[other] { $who } undid { $author }'s pause
}
# The same of the start of the film.
undid-start = { $author ->
    [none] { $who } undid the start
    [you] { $who } undid your start
   *[other] { $who } undid { $author }'s start
}
# The same of another speed.
undid-speed = { $author ->
    [none] { $who } undid the speed change
    [you] { $who } undid your speed change
   *[other] { $who } undid { $author }'s speed change
}
# The same of another film.
undid-film = { $author ->
    [none] { $who } undid the film change
    [you] { $who } undid your film change
   *[other] { $who } undid { $author }'s film change
}
# The same of another host.
undid-host = { $author ->
    [none] { $who } undid the hand-over
    [you] { $who } undid your hand-over
   *[other] { $who } undid { $author }'s hand-over
}
# The same of a setting of the room.
undid-setting = { $author ->
    [none] { $who } undid the change
    [you] { $who } undid your change
   *[other] { $who } undid { $author }'s change
}
# The same of another title of the room.
undid-title = { $author ->
    [none] { $who } undid the renaming
    [you] { $who } undid your renaming
   *[other] { $who } undid { $author }'s renaming
}
# The same of an undo.
undid-undo = { $author ->
    [none] { $who } redid the change
    [you] { $who } undid your undo
   *[other] { $who } undid { $author }'s undo
}
# The room is where it was before the seek. $at: its position.
now-at = back at { $at }
# The room plays again.
now-plays = playing again
# The room is paused again. $at: its position.
now-paused = paused at { $at }
# The room has its former film again. $title: the film; none if nothing was on.
now-film = { $title ->
    [none] nothing is on again
   *[other] back to { $title }
}
# The room has its former host again. $who: the host.
now-host = { $who ->
    [you] you are host
   *[other] { $who } is host
}
