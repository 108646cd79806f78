### Lines that a server and its administration print, and their failures.

# The first line of watchtogether serve. $words are the four words of its key.
server-ready = serving on UDP { $address }, key { $pin }, in words { $words }, version { $version }
# Below it, for each room that cannot be read.
server-damaged-room = room { $room } is damaged and cannot be entered; watchtogether server restore FILE puts a backup in its place
# Stands for the name of a damaged room.
server-nameless-room = (unreadable name)
# After watchtogether server backup; $schema is the version of the file's format.
server-backup =
    { $path } holds { $rooms ->
        [one] 1 room
       *[other] { $rooms } rooms
    }, { $seats ->
        [one] 1 seat taken
       *[other] { $seats } seats taken
    }, { $lines ->
        [one] 1 line of chat
       *[other] { $lines } lines of chat
    }, schema { $schema }
# After watchtogether server check.
server-check =
    whole: { $rooms ->
        [one] 1 room
       *[other] { $rooms } rooms
    }, { $seats ->
        [one] 1 seat taken
       *[other] { $seats } seats taken
    }, { $lines ->
        [one] 1 line of chat
       *[other] { $lines } lines of chat
    }, schema { $schema }
# After watchtogether server restore.
server-restored =
    put back: { $rooms ->
        [one] 1 room
       *[other] { $rooms } rooms
    }, { $seats ->
        [one] 1 seat taken
       *[other] { $seats } seats taken
    }, { $lines ->
        [one] 1 line of chat
       *[other] { $lines } lines of chat
    }, schema { $schema }
# Below it.
server-aside = what was there before is { $path }

server-address-in-use = UDP { $address } is in use by another program
server-port-in-use = UDP port { $port } is in use by another program
server-port-taken = the port is in use
# $why is the server's own report.
server-not-started = the server did not start: { $why }
# Stands for a report that did not come.
server-said-nothing = it said nothing

### What to try, behind “hint: ”.

hint-server-config-init = watchtogether config init --server prints a file to begin with
hint-server-running = another server may be running: --listen '[::]:0' takes any free port
hint-server-listen = --listen names another address, and '[::]:0' takes any free port
hint-server-folder = --state-dir names another folder, --ephemeral keeps nothing
hint-server-key = --state-dir names the folder of the server's key
hint-server-folder-in-use = one folder is for one server: --state-dir names another, --ephemeral keeps no rooms
hint-server-restore = watchtogether server restore FILE puts a backup in its place; moved away, rooms begin anew
hint-server-newer = install the newer version, or put an older backup in its place
hint-server-state-dir = --state-dir names the folder of the server that is meant
hint-server-new-file = name a file that is not there yet
hint-server-end-first = end the server first; a backup and a check need not wait for that
hint-server-port = --port takes another UDP port, --port 0 any free one
hint-server-elsewhere = --port takes another UDP port, --server a server that runs elsewhere
