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
home-room-empty = named after the film
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
home-no-completion = no file or folder begins like that
# What to do about an invite that cannot be read.
home-invite-hint = ask for the invite again, and paste all of it
# An address that names a server only.
home-no-room-in-invite = the room is missing: HOST:PORT/ROOM
# A room on this very machine.
home-this-machine = this machine
# Behind what is on its way.
home-gives-up = cancel
# The title of the browser.
home-browser = Find a film
# All folders are looked at.
home-all-folders = all folders
# What the browser says while nothing was found yet.
home-nothing-yet = nothing found yet
# What it says where nothing fits what was typed.
home-nothing-fits = no match; try fewer letters
# What it says where there is nothing at all.
home-no-files = no films in these folders
# What one does then.
home-no-files-hint = Alt-A shows all files; to search other folders, set media_dirs in the configuration
# The title of the help.
home-help = Help · home
# The heading of the form in the help.
home-help-form = Home
# The heading of the browser in the help.
home-help-browser = Finding a film
# The heading of what is everywhere in the help.
home-help-both = Everywhere
# A paste was more than a field holds.
home-paste-cut = only the first line was pasted
# The key that shows all files, while they are shown.
home-films-only = films only
# The labels of the fields; the short ones are for a narrow terminal.
home-film-label = File or link
home-film-label-short = File
home-room-label = Room name
home-room-label-short = Room
home-name-label = Your name
home-name-label-short = You
home-invite-label = Invite
home-invite-label-short = Join
# Beside the button that opens a room: the server that is configured.
home-port-of-server = on { $server }
# The same for a server on this machine: its port is free.
home-port-free = friends must reach UDP port { $port } of this machine
home-port-free-short = needs UDP port { $port }
# Its usual port is in use, so another one will be taken.
home-port-replaced = UDP port { $port } is in use; another one will be used
home-port-replaced-short = port { $port } is in use
# The port in the configuration is in use.
home-port-in-use = UDP port { $port } is in use: free it, or change `port`
home-port-in-use-short = UDP port { $port } is in use
# No port is fixed.
home-port-any = on any free UDP port
# What was typed cannot be the name of a room, and another was made of it.
home-room-is-called = the room is called { $name }
# Below a name that a room cannot have: one that it can have.
home-room-instead = try { $name }
# Beside the button that joins: what the invite leads to, and whether it has the key of the server.
home-leads-to = { $room } on { $server }, key in the invite
home-leads-to-unknown = { $room } on { $server }, key trusted on first use
# Beside a button: the room is being opened.
home-opening = opening the room …
# Beside a recent room: the film and the position in it.
home-was-at = at { $at } of { $title }
# Above the form: the room was left for a reason.
home-back = You left the room: { $why }
# How long ago a recent room was used.
ago-now = just now
ago-minutes = { $count } min ago
ago-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
ago-yesterday = yesterday
ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
ago-weeks = { $count ->
    [one] 1 week ago
   *[other] { $count } weeks ago
}
ago-months = { $count ->
    [one] 1 month ago
   *[other] { $count } months ago
}
ago-years = { $count ->
    [one] 1 year ago
   *[other] { $count } years ago
}
# How old a file is, in few cells.
age-now = now
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count } d
age-weeks = { $count } wk
age-months = { $count } mo
age-years = { $count } y
# Above the list of films: how many match the search.
home-files-of = { $fitting } of { $all }
# The same ($files is that, or one number) while folders are still searched, once the search was cut short, and with folders
# that could not be read.
home-files-searching = { $files }, looking …
home-files-and-more = { $files }, search stopped early
home-files-unreadable = { $files }, { $count ->
    [one] 1 folder can't be read
   *[other] { $count } folders can't be read
}
# The first Ctrl-C on an empty field. $key is that key.
home-quit-again = press { $key } again to quit
