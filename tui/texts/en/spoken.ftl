# What stands before the line that is typed.
spoken-prompt = >{" "}
# The first line of the help.
spoken-help-lead = Type to talk. Commands:
# The user stays after all.
spoken-stays = You are still in the room.
# A list of films is being looked for.
spoken-searching = Looking in your folders.
# What was hidden is told nowhere.
spoken-hidden = hidden; /reveal tells it
# The chat that was told so far is forgotten.
spoken-cleared = What was said is forgotten here.
# Nobody has a room yet.
spoken-no-room = Not in a room yet.
# The room plays, and so does the own player, with it.
spoken-in-sync = Playing, in sync.
# The session is over, and can be begun anew.
spoken-retry-or-leave = Type /retry to try again, /quit to leave.
# The own player plays on after it ran dry.
spoken-refilled = Your player goes on.
# The own file is the room's.
spoken-same-file = Your copy is the same.
# The own file is the room's, as far as it goes.
spoken-growing-file = Your copy is still growing.
# What one does about a film that is not here.
spoken-lacks-film = Type /open and the path to your copy, or /reopen to look again.
# Nobody said anything before that.
spoken-oldest = That was the oldest message.
# Nobody said anything after that.
spoken-newest = That was the newest message.
# Without a connection, nothing is known of how the others are.
spoken-not-connected = There is no connection. How the others are is not known.
# The room plays, and nobody else watches.
spoken-playing-alone = Playing.
# Nothing is known of how somebody follows.
spoken-no-figures = no numbers yet
# Before the invite for those who are on the same network.
spoken-invite-local = On your own network:
# An own line that cannot be sent yet.
spoken-kept-for-later = There is no connection: your line is kept and sent later.
# The room goes.
spoken-room-closed = The host closed the room.
# The link has been down for long, or the room is over.
spoken-paused-here = The film is paused here.
# A server that was silent is heard again.
spoken-answers-again = The server answers again.
# More was said during an absence than the server keeps.
spoken-chat-has-gap = Some of what was said meanwhile is missing.
# The own player's window was closed.
spoken-player-closed = Your mpv window was closed.
# What one does about it.
spoken-reopen = You are still in the room; type /reopen to watch again.
# The player died and comes back.
spoken-restarted = It is being started again.
# What the host does about a film that does not open.
spoken-open-another = Open another: /open FILE.
# What anybody else does about it.
spoken-open-a-copy = Type /reopen to try again, or name another copy with /open FILE.
# Something needs a terminal that is not there.
spoken-needs-terminal = That needs a terminal.
# Lines were pasted into a terminal that does not mark pastes.
spoken-pasted-together = The pasted lines are one message. Enter sends it.
