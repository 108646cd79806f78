### Home by lines: the list of choices and its questions. The letter or number before a full stop is what the user types.

lines-open = 1. Open a room.
lines-join = 2. Join a room with an invite.
# A room of the list; $place is its server or “this machine”, $ago a time such as “2 h ago”.
lines-back = { $number }. Go back to { $room }, { $place }, { $ago }.
# The same with $film, a title with the position at which it was.
lines-back-to-film = { $number }. Go back to { $room }, { $place }, { $ago }, { $film }.
lines-forget = f and a number: remove that room from this list.
lines-name = n. Change your name (now { $name }).
lines-check = c. Check the player, sound and links.
lines-quit = 0. Quit.
lines-choose = Type a number or letter, then Enter:
# The answer to what is not on the list; $most is the highest number.
lines-no-such-choice = Type a number from 0 to { $most }, a letter from the list, or an invite.
lines-ask-film = File or link, or part of a film's name; leave empty to choose later:
# $name is made from the film's name.
lines-ask-room-named = Room name; leave empty for { $name }:
lines-ask-room = Room name; leave empty for a random name:
lines-ask-name = Your name:
lines-ask-invite = Paste the invite:
lines-unreadable = cannot read your input
# $what is what a check of this machine found.
lines-check-good = OK: { $what }.
lines-check-bad = Problem: { $what }.

### The checks of this machine, in a column of home or in the two lines above.

check-no-extractor = no yt-dlp: links to video sites won't open
check-mpv-silent = mpv is not responding
# $error and $hint come from the player.
check-mpv-failed = { $error }: { $hint }
check-sound = sound
check-no-sound = no sound device found
check-without-mpv = built without mpv

### Hints of home's form, below the field that is wrong.

home-hint-other-name = choose another name
home-hint-other-room = choose another name, or join that room
home-hint-find = Ctrl-O finds films in your folders
home-hint-not-admitted = ask for the invite again; if there is a password, set WATCHTOGETHER_PASSWORD or use join --password-file

### Entering a room.

# $words are the four words of the server's key.
new-server = New server. Its key in words: { $words }.
new-server-remembered = New server, remembered. Its key in words: { $words }.
hint-new-invite = ask the host whether the server has a new key: if so, get a new invite; if not, do not connect
# $path is the list of known servers.
hint-forget-server = ask whoever runs the server whether it has a new key: if so, remove the line of { $server } from { $path }; if not, do not connect
# Below the invite.
invite-note-film = Friends need their own copy of the film; nothing is uploaded.
invite-note-port = Friends must be able to reach UDP port { $port } on this machine; this has not been verified.
# $path is the folder of the state.
nothing-saved = nothing will be saved on this machine: cannot use { $path } ({ $why })
client-ended = the session ended

### Notices about files and the editor.

export-done = chat saved to { $path }
export-failed = cannot save the chat to { $path }: { $why }
export-other-name = choose another name; existing files are not overwritten
editor-gave-up = the editor failed; your message is unchanged
editor-unusable = cannot use { $editor }: { $why }
editor-hint = set EDITOR to the editor you want

### Parts of the line of watchtogether status.

status-waiting = waiting for { $names }
status-in-sync = in sync ±{ $milliseconds } ms
