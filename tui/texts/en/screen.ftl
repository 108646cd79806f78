# The name of the mode in which letters are text.
mode-chat = CHAT
# The name of the mode in which letters act.
mode-keys = KEYS
# The heading of the roster's round trips.
round-trip = rtt
# The heading of the roster's drifts.
sync = sync
# The heading of what is on.
now-playing = Now playing
# What stands there while nothing is on.
nothing-on = nothing yet
# How one puts something on.
nothing-on-hint = the host opens a film in mpv
# The heading of the user's drift over time.
sync-graph = Sync (last 60 s)
# The same for a narrow column.
sync-graph-short = Sync, 60 s
# Beside that heading: the way to the numbers of everybody. $key: the key.
sync-more = { $key } details
# A short word for the member that the screen belongs to.
you = you
# Somebody whose name is not known any more.
somebody = somebody
# The role of the host.
host = host
# The role of who helps the host.
co-host = co-host
# The role of everybody else.
viewer = viewer
# A member has no player, by choice.
no-player-here = no player
# The server's disk takes nothing.
not-saved = not saved: the server cannot write to its disk; chat and film go on
# The same in the status bar.
unsaved = not saved
# The server's disk takes something again.
saved-again = saved again, including everything since then
# Lines are missing before the first that is shown.
chat-gap = earlier lines are missing
# Below what was said on earlier evenings.
earlier-ends = earlier messages
# What somebody had been writing stands in the input line again.
draft-is-back = your unsent message is back
# What an empty chat says.
chat-empty = No messages yet.
# Why a blank line is not said.
nothing-to-say = the message is empty
# Why a long text is not said.
chat-too-long = a message has at most 2,000 characters
# What a chat says in which one is alone.
alone = Only you here.
# What one does about it.
alone-hint = lets friends in
# The title of the help.
help-title = Help
# There is no line to go to.
no-mention = nobody has mentioned you
# There is nothing to show.
nothing-hidden = no message has hidden text
# What has no end.
live = live
# For a film whose length is not known: it is still being written, or was not opened yet.
no-length = length not known yet
# The key that closes an overlay.
close = Esc close
# Lines were pasted into a terminal that does not mark pastes.
pasted-together = pasted lines stay in one message: Enter sends it
# The text is as long as a message may be.
too-long = a message has at most 2,000 characters
# Nothing came of the link that was asked for.
offline = you're offline; try again once reconnected
# The session does not listen.
busy = busy; try again
# The connection to the server is gone.
connection-lost = connection lost
# The link is back.
link-back = connected again
# The film is over.
event-ended = the film is over
# The room goes on after it waited.
event-went-on = playing again
# The room came back from its store.
event-restored = the room is back where it was
# Nothing in the help has the word.
help-nothing = no matches
# The title of the palette.
palette-title = Command palette
# The keys of the palette.
palette-foot = Enter run  Esc close
# The mouse acts here again.
mouse-on = mouse on: clicks and the wheel work here; Shift selects text
# The mouse is the terminal's again.
mouse-off = mouse off: it selects text
# Beside the help's title.
help-search = type to search
# The bottom line of the help.
help-foot = Alt and a letter does what the letter does after Esc
# One member is writing a message.
typing-one = { $name } is typing…
# Two members are writing messages.
typing-two = { $name } and { $other } are typing…
# More than two members are writing messages.
typing-many = { $name } and { $count } others are typing…
# The number of commands that match the search in the command palette.
palette-count = { $count ->
    [one] 1 command
   *[other] { $count } commands
}
# In place of the first frame: the first connection is being made, to an address or to one that is not known.
connecting = Connecting …
connecting-to = Connecting to { $to } …
# In the input line while sent messages are searched. $query is what was typed so far.
recall-found = found: { $query }_   Ctrl-R older  Enter take  Esc back
recall-nothing = not found: { $query }_   Ctrl-R older  Enter take  Esc back
# In the status bar: the round trip to the server; on a wide terminal with a judgement.
link = link { $ms } ms
link-ok = link { $ms } ms ok
link-slow = link { $ms } ms slow
# In the status bar: the bound on the error of the clock.
clock-bound = clock ±{ $ms } ms
# In the status bar: who is host.
host-is = host { $name }
# In the status bar: the role of the user.
you-are-host = you: host
you-are-co-host = you: co-host
you-are-viewer = you: viewer
# Below the chat while it is scrolled: how many lines there are below, or that there are none that are new.
chat-news-below = ↓ { $count } new
chat-to-newest = ↓ newest
# On the rule between lines that were read and lines that were not.
chat-news = { $count } new
# Where the chat is not shown: unread lines, and the key that shows them ($way).
chat-news-hidden = { $count } new  { $way }
# Below the list of people, where it is longer than its room.
people-more = +{ $count } more
# Beside somebody's name: when they joined.
person-since = since { $time }
# A slash command that does not exist ($word), with the command that may be meant ($nearest) where there is one.
mistake-nearest = Unknown command /{ $word }. Did you mean /{ $nearest }?
mistake-unknown = Unknown command /{ $word }. To send it as text, type //{ $word }
# A slash command that takes no argument was given one.
mistake-no-argument = /{ $word } takes no argument
# A slash command was given a wrong argument. $form: what to write. $why: what its argument is, or what is wrong with it.
mistake-argument = { $form }: { $why }
# A command names somebody who is not in the room.
nobody-called = nobody here is called { $name }
# The headings of the groups of actions in the help.
group-chat = Chat
group-edit = Editing
group-room = Room
group-mine = Your player
group-people = People
group-app = Program
# Beside an action in the palette: whether it concerns everybody or this player only. The short ones are for few cells.
scope-room = room
scope-room-short = room
scope-mine = your player only
scope-mine-short = you
# After the first click on the progress line.
click-again = click again to go to { $to }
# The answer to /where: the position, and the length where it is known.
where = at { $at }
where-of = at { $at } of { $duration }
# The token of the seat could not be written to the disk. $why is the error.
seat-not-saved = your seat cannot be saved on this machine ({ $why }); after a crash you will join as a new member
# Letters were typed quickly in keys mode. $key is the key that goes to keys mode.
typing-is-chat = you are typing a message; press { $key } to use keys
# The titles of the card that ends a session.
stop-not-admitted = No such room
stop-refused = Refused
stop-pin-mismatch = Not the server you expected
stop-unreachable = Cannot reach the server
stop-disconnected = Disconnected
stop-room-closed = The room has ended
stop-removed = Removed
stop-replaced = Connected elsewhere
stop-failed = Something went wrong
# The same on one line. $title: one of them. $why: a clause.
stop-because = { $title }: { $why }
# A list of names: one more behind those before, and the last one.
list-and-more = { $names }, { $name }
list-and-last = { $names } and { $name }
# The first Ctrl-C on an empty line. $key is that key.
interrupt-again = press { $key } again to leave
# Above the list of people: how many are in the room.
people = People { $count }
