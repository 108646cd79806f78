# The line that `watchtogether status` prints: labels in a row, each from below.

# There is no room yet. $server: the server. $link: the state of the connection, from below.
status-no-room = { $server }: { $link }
# The connection. $state: a code of the control socket.
status-link = { $state ->
    [connecting] connecting
    [joining] joining
    [up] connected
    [silent] server not responding
    [lost] connection lost
    [waiting] reconnecting
    [reconnecting] reconnecting
    [paused_here] paused here: connection lost
    [closed] disconnected
   *[other] { $state }
}
# The film. $state: a code of the control socket. $position: where it is.
status-playback = { $state ->
    [playing] playing { $position }
    [paused] paused { $position }
    [preparing] starting { $position }
   *[other] { $state } { $position }
}
# How the user's player follows, unless it is in sync. $state: a code of the control socket.
status-sync = { $state ->
    [off] no player
    [comparing] comparing clocks
    [loading] opening the film
    [standing] in place
    [catching] catching up
    [settling] settling
    [buffering] buffering
    [too_slow] cannot keep up
   *[other] { $state }
}

# The lines of `watchtogether config paths`. $path: a file or folder.

path-config = config   { $path }
path-keys = keys     { $path }
path-server = server   { $path }
path-state = state    { $path }
path-runtime = runtime  { $path }

# The program that `--say` names failed. $why: the reason.
say-failed = say: { $command }: { $why }
