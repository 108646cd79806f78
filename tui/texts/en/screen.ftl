# The name of the mode in which letters are text.
mode-chat = CHAT
# The name of the mode in which letters act.
mode-keys = KEYS
# The heading of the roster's round trips.
round-trip = ping
# The heading of the roster's drifts.
sync = sync
# The heading of the panel about the film.
now-playing = Now playing
# In that panel while nothing is on.
nothing-on = nothing yet
# How a film is started.
nothing-on-hint = the host can /open a film
# The heading of the user's drift over time.
sync-graph = Sync (last 60 s)
# The same for a narrow column.
sync-graph-short = Sync, 60 s
# Beside that heading: the way to everyone's numbers. $key: the key.
sync-more = { $key } details
# The user, as one name of a list.
you = you
# Someone whose name is not known any more.
somebody = someone
# The role of the host.
host = host
# The role of someone who helps the host.
co-host = co-host
# The role of everyone else.
viewer = viewer
# A member chose to have no player.
no-player-here = no player
# The server cannot write to its disk.
not-saved = not saved: the server cannot write to its disk; chat and playback still work
# The same in the status bar.
unsaved = not saved
# The server can write to its disk again.
saved-again = saved again, including everything since then
# Above the oldest line that is shown, if older ones are missing.
chat-gap = earlier lines are missing
# The rule below the messages from before the user joined.
earlier-ends = end of earlier messages
# The input line holds what the user was writing before.
draft-is-back = your unsent message is back
# In an empty chat.
chat-empty = No messages yet.
# Why an empty message is not sent.
nothing-to-say = the message is empty
# Why a long message is not sent.
chat-too-long = a message has at most 2,000 characters
# In an empty chat while nobody else is here.
alone = You're the only one here.
# After the key that shows the invite, below that.
alone-hint = lets friends in
# The title of the help.
help-title = Help
# Why a key for mentions does nothing.
no-mention = nobody has mentioned you
# Why /reveal does nothing.
nothing-hidden = no message has hidden text
# In place of the length of a film that has none.
live = live
# In place of a length that is not known: the film is still being written, or has not been opened yet.
no-length = length not known yet
# The key that closes an overlay.
close = Esc close
# Lines were pasted into a terminal that does not mark pastes.
pasted-together = the pasted lines are one message; press Enter to send it
# The input line is full.
too-long = a message has at most 2,000 characters
# Why something was not done: there is no connection.
offline = you're offline; try again once reconnected
# Why something was not done: the program is busy.
busy = busy; try again
# The connection to the server is gone.
connection-lost = connection lost
# The connection to the server is back.
link-back = connected again
# The film is over.
event-ended = the film is over
# The room goes on after it waited.
event-went-on = playing again
# The server restarted and restored the room.
event-restored = the room is back where it was
# The help has nothing that matches.
help-nothing = no matches
# The title of the palette.
palette-title = Command palette
# The keys of the palette.
palette-foot = Enter run  Esc close
# The mouse works in the program now.
mouse-on = mouse on: clicks and the wheel work here; Shift selects text
# The mouse works in the terminal now.
mouse-off = mouse off: your terminal selects text
# Beside the help's title.
help-search = type to search
# The bottom line of the help.
help-foot = Alt and a letter: the same as Esc, then the letter
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
# The first screen: a connection is being made. $to: the address.
connecting = Connecting …
connecting-to = Connecting to { $to } …
# In the input line while the user searches sent messages. $query: the text so far.
recall-found = found: { $query }_   Ctrl-R older  Enter take  Esc back
recall-nothing = not found: { $query }_   Ctrl-R older  Enter take  Esc back
# In the status bar: the round trip to the server, on a wide terminal with a rating.
link = ping { $ms } ms
link-ok = ping { $ms } ms ok
link-slow = ping { $ms } ms slow
# In the status bar: the largest possible error of the clock.
clock-bound = clock ±{ $ms } ms
# In the status bar: the host.
host-is = host { $name }
# In the status bar: the role of the user.
you-are-host = you: host
you-are-co-host = you: co-host
you-are-viewer = you: viewer
# Below the chat while it is scrolled: the number of new lines, or the way to the newest line.
chat-news-below = ↓ { $count } new
chat-to-newest = ↓ newest
# On the rule between read and unread lines.
chat-news = { $count } new
# While the chat is not shown: the number of unread lines. $way: the key that shows them.
chat-news-hidden = { $count } new  { $way }
# Below the list of people if not all of them fit.
people-more = +{ $count } more
# Beside somebody's name: when they joined.
person-since = since { $time }
# A slash command does not exist. $word: the command. $nearest: the most similar one, if there is one.
mistake-nearest = Unknown command /{ $word }. Did you mean /{ $nearest }?
mistake-unknown = Unknown command /{ $word }. To send it as text, type //{ $word }
# A slash command that takes no argument was given one.
mistake-no-argument = /{ $word } takes no argument
# A slash command was given a wrong argument. $form: what to write. $why: what its argument is, or what is wrong with it.
mistake-argument = { $form }: { $why }
# A command names someone who is not in the room.
nobody-called = nobody here is called { $name }
# The headings of the groups of actions in the help.
group-chat = Chat
group-edit = Editing
group-room = Room
group-mine = Your player
group-people = People
group-app = Program
# Beside an action in the palette: whether it affects everyone or only the user's player. The short ones are for few cells.
scope-room = room
scope-room-short = room
scope-mine = your player only
scope-mine-short = you
# After the first click on the progress line.
click-again = click again to go to { $to }
# The answer to /where: the position, and the length where it is known.
where = at { $at }
where-of = at { $at } of { $duration }
# The seat could not be saved. $why: the error.
seat-not-saved = your seat cannot be saved on this machine ({ $why }); after a crash you will join as a new member
# Letters were typed quickly in keys mode, so they go into the message. $key: the key for keys mode.
typing-is-chat = you are typing a message; press { $key } to use keys
# The titles of the card that ends a session.
stop-not-admitted = Cannot join
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
# A list of names: one more after the others, and the last one.
list-and-more = { $names }, { $name }
list-and-last = { $names } and { $name }
# The first Ctrl-C on an empty line. $key is that key.
interrupt-again = press { $key } again to leave
# Above the list of people: how many are in the room.
people = People { $count }
