### Lines that a server and its administration print, and their failures.

# The first line of watchtogether serve. $words are the four words of its key.
server-ready = serving on UDP { $address }, key { $pin }, in words { $words }, version { $version }
# Below it, for each room that cannot be read.
server-damaged-room = room { $room } is damaged and cannot be joined; watchtogether server restore FILE restores a backup
# Stands for the name of a damaged room.
server-nameless-room = (unreadable name)
# After watchtogether server backup; $schema is the version of the file's format.
server-backup =
    saved to { $path }: { $rooms ->
        [one] 1 room
       *[other] { $rooms } rooms
    }, { $seats ->
        [one] 1 seat
       *[other] { $seats } seats
    }, { $lines ->
        [one] 1 chat message
       *[other] { $lines } chat messages
    }, schema { $schema }
# After watchtogether server check.
server-check =
    no damage found: { $rooms ->
        [one] 1 room
       *[other] { $rooms } rooms
    }, { $seats ->
        [one] 1 seat
       *[other] { $seats } seats
    }, { $lines ->
        [one] 1 chat message
       *[other] { $lines } chat messages
    }, schema { $schema }
# After watchtogether server restore.
server-restored =
    restored: { $rooms ->
        [one] 1 room
       *[other] { $rooms } rooms
    }, { $seats ->
        [one] 1 seat
       *[other] { $seats } seats
    }, { $lines ->
        [one] 1 chat message
       *[other] { $lines } chat messages
    }, schema { $schema }
# Below it.
server-aside = the rooms from before the restore are kept in { $path }

server-address-in-use = UDP { $address } is in use by another program
server-port-in-use = UDP port { $port } is in use by another program
server-port-taken = the port is in use
# $why is the error that the server reported.
server-not-started = the server did not start: { $why }
# Stands for an error that the server did not report.
server-no-reason = no reason given

### What to try, after “hint: ”.

hint-server-config-init = watchtogether config init --server prints a configuration to start from
hint-server-running = another server may be running; --listen '[::]:0' uses any free port
hint-server-listen = use another address with --listen, or any free port with --listen '[::]:0'
hint-server-folder = use another folder with --state-dir, or save nothing with --ephemeral
hint-server-key = name the folder that has the server's key with --state-dir
hint-server-folder-in-use = each server needs its own folder: use another with --state-dir, or save no rooms with --ephemeral
hint-server-restore = restore a backup with watchtogether server restore FILE, or move the file away to start without rooms
hint-server-newer = install the newer version, or restore an older backup
hint-server-state-dir = name the server's folder with --state-dir
hint-server-new-file = choose a file that does not exist yet
hint-server-end-first = stop the server first; only backup and check work while it runs
hint-server-port = use another UDP port with --port, or any free one with --port 0
hint-server-elsewhere = use another UDP port with --port, or a server somewhere else with --server
