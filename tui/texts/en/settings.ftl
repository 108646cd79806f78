# An event line: a room waits for those who buffer. $who: a person.
set-wait = { $who } set the room to wait when someone is buffering
# An event line: a room does not wait for those who buffer. $who: a person.
set-go-on = { $who } set the room to keep playing when someone is buffering
# How the room is now, after that was undone.
now-waits = the room waits when someone is buffering
# The same for the other setting.
now-goes-on = the room keeps playing when someone is buffering
# An event line: a room has another title. $who: a person. $title: the title.
set-title = { $who } renamed the room to { $title }
# An event line: a room has no title, so that its name is shown. $who: a person.
set-no-title = { $who } reset the name of the room
# How the room is now, after that was undone. $title: the title.
now-titled = the room is called { $title }
# The same for a room without a title.
now-untitled = the room has its original name again
