# The heading of the fields that open a room.
home-start = Open a room
# The heading of the field that joins a room.
home-join = Join a room
# The heading of the rooms that were used recently.
home-recent = Recent
# Shown there while there are none.
home-no-recent = rooms you've been in appear here; Alt-1 goes back to the latest
# The label before the checks of this machine.
home-checks = Checks
# In an empty film field.
home-film-empty = Enter finds a film in your folders
# The same for a narrow terminal.
home-film-empty-short = Enter: find a film
# In an empty room field, while there is no film either.
home-room-empty = named after the film
# In an empty invite field.
home-invite-empty = paste the invite you were sent
# The same for a narrow terminal.
home-invite-empty-short = paste the invite
# The button that opens a room.
home-host-button = [ Host ]
# The button that joins a room.
home-join-button = [ Join ]
# What Enter does: it opens a room.
home-enter-hosts = host
# What Enter does: it joins a room.
home-enter-joins = join
# What Enter does: it goes back to a recent room.
home-enter-rejoins = rejoin
# What Enter does: it opens the list of films.
home-enter-finds = find a film
# The user asked for no player, with --player none.
home-no-player-by-choice = player turned off
# No file or folder completes what was typed.
home-no-completion = no file or folder begins with that
# What is wrong with an address that names only a server.
home-no-room-in-invite = the room is missing; write HOST:PORT/ROOM
# The place of a room that is hosted on this machine.
home-this-machine = this machine
# Beside the key that cancels what is in progress.
home-gives-up = cancel
# The title of the browser.
home-browser = Find a film
# The list shows films from all folders.
home-all-folders = all folders
# In the browser while nothing has been found yet.
home-nothing-yet = nothing found yet
# In the browser if nothing matches what was typed.
home-nothing-fits = no match; try fewer letters
# In the browser if there are no films at all.
home-no-files = no films in these folders
# Below that line.
home-no-files-hint = Alt-A shows all files; to search other folders, set media_dirs in the configuration
# The title of the help.
home-help = Help · home
# The heading of the form in the help.
home-help-form = Home
# The heading of the browser in the help.
home-help-browser = Finding a film
# The heading of the keys that work everywhere, in the help.
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
home-port-free = friends must reach UDP port { $port } on this machine
home-port-free-short = needs UDP port { $port }
# Its usual port is in use, so another one will be taken.
home-port-replaced = UDP port { $port } is in use; another one will be used
home-port-replaced-short = port { $port } is in use
# The port in the configuration is in use.
home-port-in-use = UDP port { $port } is in use: free it, or change `port`
home-port-in-use-short = UDP port { $port } is in use
# No port is fixed.
home-port-any = on any free UDP port
# What was typed cannot be the name of a room, so a name was made from it.
home-room-is-called = the room is called { $name }
# Below a name that a room cannot have: a name that it can have.
home-room-instead = try { $name }
# Beside the button that joins: the room of the invite, and whether the invite includes the server's key.
home-leads-to = { $room } on { $server }, key in the invite
home-leads-to-unknown = { $room } on { $server }, key trusted on first use
# Beside a button: the room is being opened.
home-opening = opening the room …
# Beside a recent room: the film and the position in it.
home-was-at = at { $at } of { $title }
# Above the form: the user is back from a room. $why is the reason.
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
    [one] 1 folder cannot be read
   *[other] { $count } folders cannot be read
}
# The first Ctrl-C on an empty field. $key is that key.
home-quit-again = press { $key } again to quit
