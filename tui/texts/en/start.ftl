### Home by lines: the list of choices and its questions. Letters and numbers before a full stop are what the user types.

lines-open = 1. Open a room.
lines-join = 2. Join a room with an invite.
# A room of the list; $place is its server or “this machine”, $ago a time such as “2 h ago”.
lines-back = { $number }. Back into { $room }, { $place }, { $ago }.
# The same with $film, a title with the position at which it was.
lines-back-to-film = { $number }. Back into { $room }, { $place }, { $ago }, { $film }.
lines-forget = f and a number: forget that room.
lines-name = n. You are { $name }: be called otherwise.
lines-check = c. Check the player, its sound, and links.
lines-quit = 0. Quit.
lines-choose = Number or letter, and Enter:
# The answer to what is no choice; $most is the highest number.
lines-no-such-choice = A number from 0 to { $most }, a letter of the list, or an invite.
lines-ask-film = File or link, some letters of a film's name, or nothing for a room without a film yet:
# $name is made from the film's name.
lines-ask-room-named = Room name, or nothing for { $name }:
lines-ask-room = Room name, or nothing for one that is made up:
lines-ask-name = Your name:
lines-ask-invite = Paste the invite:
lines-unreadable = cannot read the answer
# $what is what a check of this machine found.
lines-check-good = Good: { $what }.
lines-check-bad = Missing: { $what }.

### The checks of this machine, in a column of home or in the two lines above.

check-no-extractor = yt-dlp not found: pages with films do not open
check-mpv-silent = mpv does not answer
# $error and $hint come from the player.
check-mpv-failed = { $error }: { $hint }
check-sound = sound
check-no-sound = no sound device found
check-without-mpv = built without mpv

### Hints of home's form, below the field that is wrong.

home-hint-other-name = choose another name
home-hint-other-room = choose another name, or join that room
home-hint-find = Ctrl-O finds films in your folders
home-hint-not-admitted = ask for the line again; with a password: WATCHTOGETHER_PASSWORD, or join --password-file

### Entering a room.

# $words are the four words of the server's key.
new-server = New server. Its key in words: { $words }.
new-server-remembered = New server, remembered. Its key in words: { $words }.
hint-new-invite = ask for a new invite; do not ignore this if you did not expect it
# $path is the list of known servers.
hint-forget-server = if its owner says that it was set up anew, remove the line of { $server } from { $path }; do not ignore this if you did not expect it
# Below the invite.
invite-note-film = Friends need the same film; nothing is uploaded.
invite-note-port = UDP port { $port } must reach this machine from outside: not verified.
# $path is the folder of the state.
nothing-saved = nothing is saved on this machine: cannot use { $path } ({ $why })
client-ended = the client ended
# The screen of a session that is over, for everybody but the host.
host-closed-the-room = host closed the room

### Notices about files and the editor.

export-done = the chat is kept in { $path }
export-failed = { $path } is not written: { $why }
export-other-name = another name: nothing is overwritten
editor-gave-up = the editor gave up: nothing is changed
editor-unusable = { $editor } cannot be used: { $why }
editor-hint = EDITOR names the one that you want

### Parts of the line of watchtogether status.

status-waiting = waiting for { $names }
status-in-sync = in sync ±{ $milliseconds } ms
