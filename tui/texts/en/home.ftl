# The heading of what opens a room.
home-start = Start a room
# The heading of what enters one.
home-join = Join a room
# The heading of the rooms that were entered lately.
home-recent = Recent
# What stands there before there are any.
home-no-recent = rooms you've been in appear here; Alt-1 goes back to the latest
# What stands before what was found out about this machine.
home-checks = Checks
# What an empty film field says.
home-film-empty = Enter finds a film in your folders
# What an empty film field says where there is little room.
home-film-empty-short = Enter: find a film
# What an empty room field says while there is no film either.
home-room-empty = made from the film's name
# What an empty invite field says.
home-invite-empty = paste the line you were sent, anywhere
# What it says where there is little room.
home-invite-empty-short = paste it anywhere
# The button that opens a room.
home-host-button = [ Host ]
# The button that enters one.
home-join-button = [ Join ]
# What Enter does where it opens a room.
home-enter-hosts = host
# What it does where it enters one.
home-enter-joins = join
# What it does at a recent room.
home-enter-rejoins = rejoin
# What it does in an empty film field.
home-enter-finds = find a film
# The user wants no player.
home-no-player-by-choice = no player, by choice
# Nothing begins with what was typed.
home-no-completion = nothing there begins like that
# What to do about an invite that cannot be read.
home-invite-hint = ask for the line again and paste it whole
# An address that names a server only.
home-no-room-in-invite = it names a server and no room: HOST:PORT/ROOM
# The key of an invite's server is in the invite.
home-key-in-invite = key in the invite
# It is not.
home-key-not-in-invite = key trusted at first sight
# A room on this very machine.
home-this-machine = this machine
# Behind what is on its way.
home-gives-up = gives up
# The title of the browser.
home-browser = Find a film
# All folders are looked at.
home-all-folders = all folders
# While folders are looked through.
home-searching = looking …
# What the browser says while nothing was found yet.
home-nothing-yet = nothing yet
# What it says where nothing fits what was typed.
home-nothing-fits = nothing fits; less letters find more
# What it says where there is nothing at all.
home-no-files = no films in these folders
# What one does then.
home-no-files-hint = Alt-A shows all files; media_dirs in the configuration names other folders
# The title of the help.
home-help = Help · home
# The heading of the form in the help.
home-help-form = Here
# The heading of the browser in the help.
home-help-browser = Finding a film
# The heading of what is everywhere in the help.
home-help-both = Anywhere
# The first Ctrl-C on an empty field.
home-quit-again = again to quit
# A paste was more than a field holds.
home-paste-cut = only the first line was pasted
# Behind a check that went well.
home-good = ✓
# Before a check that did not.
home-bad = !
# The key that shows all files, while they are shown.
home-films-only = films only
# The mark of what has the focus.
home-focus = ▸
