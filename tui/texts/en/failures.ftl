### How a session ended. They stand alone, or behind “error[code]: ”.

end-left = you left
# $why is the reason for which there is no connection.
end-unreachable = the server cannot be reached: { $why }
end-pin-mismatch = the server shows another key than the one it is known by
# $why is the reason for which the connection was closed.
failure-closed = the connection ended: { $why }
# Below the sentence about another key.
failure-nothing-sent = nothing was sent

### What to try after a failure. They stand behind “hint: ”.

hint-unreachable = is the server running, and does UDP reach it?
hint-invite-again = ask the host for the invite again and paste the whole line
hint-other-name = choose another name with --name
hint-room-damaged = open a room of another name; whoever runs the server can restore a backup
hint-other-room = choose another name with --room, or join the room that is there
hint-ask-host = ask the host, or ask them to hand the room over
hint-later = try again in a while
hint-open-a-film = open a film first: watchtogether host FILE
hint-join-again = join the room again
hint-banned = the ban may mean somebody else of your name or network: the host lifts it with /unban
hint-hand-over-first = hand the room to somebody else first
hint-list-bans = who is banned: watchtogether ctl bans
hint-name-film = name the film's file, or a link that begins with http:// or https://
hint-other-link = other kinds are not opened; a file is named by its path alone
hint-join-invite = watchtogether join 'watchtogether://…', or - to read it from standard input
hint-join = watchtogether join 'watchtogether://…'
hint-brackets = without brackets all of it is the address
hint-address = HOST:PORT/ROOM
# $types is a list of code words.
hint-event-types = types are { $types }
hint-password = give --password-file FILE, or set WATCHTOGETHER_PASSWORD
# Below a file that is not there, when its folder is not there either.
hint-no-folder = there is no folder { $path } either
# $name is what the user may have meant: a file, or the name of an action.
hint-did-you-mean = did you mean { $name }?
hint-status = watchtogether status tells how the connection is
hint-retry = it is tried again and again; watchtogether ctl retry tries now
hint-line-kept = the line is kept and goes out when the server is there again
hint-reopen = watchtogether ctl reopen opens it
hint-no-player = it was started without one (--player none)
hint-list-actions = watchtogether ctl --help lists them
hint-start-client = start one with watchtogether host or watchtogether join
hint-same-version = use the same version of watchtogether for both
# $example is a line of JSON.
hint-request = a request is one line of JSON such as { $example }
hint-in-a-moment = try again in a moment
hint-config-init = watchtogether config init prints a file to begin with
hint-log-filter = a filter is a level, or targets with levels: watchtogether=debug,quinn=info
hint-plain = --plain needs no terminal

### Failures of a subcommand, behind “error[code]: ”.

join-unreadable = cannot read the invite
join-no-invite = there is no invite
join-no-recent = no room was entered yet
join-no-room = the address names no room
# $name is in quotes.
no-such-event-type = there is no event type { $name }
password-missing = a room with a password needs one
password-too-long = a password has at most { $count } characters
file-unreadable = cannot read { $path }
no-such-file = there is no { $path }
path-not-absolute = { $path } cannot be opened by its name
send-unreadable = cannot read what to say
# $flag is a flag such as --name; $text is its value, with escapes.
flag-not-text = the value of { $flag } is not UTF-8 text: { $text }
argument-not-text = an argument is not UTF-8 text: { $text }
config-mistakes = { $count ->
    [one] the configuration has a mistake
   *[other] the configuration has { $count } mistakes
}
log-not-opened = the log { $path } cannot be opened
# $variable is the name of an environment variable.
log-filter = { $variable } is no filter: { $cause }
log-started-before = the log was started before
output-reader-gone = nobody reads the output any more
output-not-written = the answer cannot be written
output-no-json = cannot write JSON
cannot-start = cannot start
terminal-unusable = the terminal cannot be used

### Failures of requests to a running client, and of its answers.

no-client = no client runs on this machine
# $pid is the number of a process.
no-client-of-process = no client runs as process { $pid }
client-unreachable = the running client cannot be reached
client-silent = the running client did not answer within { $seconds } s
client-answer-unreadable = the running client's answer cannot be read
client-other-answer = the client answered something else than its status
client-in-no-room = the client is in no room
client-not-connected = there is no connection to the server
client-offline = there is no connection
client-no-answer-yet = the server has not answered yet
client-no-player = this client has no player open
client-ending = the client is ending
client-busy = the client has too many requests to answer
events-not-here = events are told by the socket itself
request-too-long = a request has at most { $kibibytes } KiB
request-unreadable = the request cannot be read: { $cause }
other-socket-version = this client speaks version { $version } of the control socket
# $name is the word of an action.
action-takes-nothing = { $name } takes nothing behind it
# $form says how the argument is written, such as TIME.
action-takes = { $name } takes { $form }
# $name is in quotes.
no-such-action = there is no action { $name }
no-such-member = nobody called { $name } is here
no-such-ban = nobody called { $name } is banned

### Lines that subcommands print.

# Asks for the invite on a terminal.
join-asks = Paste the invite and press Enter:
# A row of watchtogether ctl bans.
ban-until = { $name }  until { $time }
# A notice on the screen.
events-not-shown = { $count ->
    [one] 1 event was not shown
   *[other] { $count } events were not shown
}
