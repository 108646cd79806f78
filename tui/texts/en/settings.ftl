# An event line: the room will wait for members who buffer. $who: the person who set that.
set-wait = { $who } set the room to wait when someone is buffering
# An event line: the room will not wait. $who: the person who set that.
set-go-on = { $who } set the room to keep playing when someone is buffering
# How things are after an undo: the room waits.
now-waits = the room waits when someone is buffering
# How things are after an undo: the room does not wait.
now-goes-on = the room keeps playing when someone is buffering
# An event line: the room has a new title. $who: the person who set it. $title: the title.
set-title = { $who } renamed the room to { $title }
# An event line: the room has no title any more, so its name is shown. $who: the person who did that.
set-no-title = { $who } gave the room its original name back
# How things are after an undo: the room has a title. $title: the title.
now-titled = the room is called { $title }
# How things are after an undo: the room has no title.
now-untitled = the room has its original name again
