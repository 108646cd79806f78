### How a session ended. These are shown alone, or after “error[code]: ”.

end-left = you left
# $why is the reason why there is no connection.
end-unreachable = cannot reach the server: { $why }
end-pin-mismatch = the server has a different key than expected
# $why is the reason why the connection was closed.
failure-closed = connection closed: { $why }
# Below the sentence about a different key.
failure-nothing-sent = nothing was sent

### What to try after a failure. These are shown after “hint: ”.

hint-unreachable = check that the server is running and that UDP can reach it
hint-invite-again = ask the host for the invite again, and paste all of it
hint-other-name = choose another name with --name
hint-room-damaged = choose another room name, or ask whoever runs the server to restore a backup
hint-other-room = choose another name with --room, or join that room
hint-ask-host = ask the host to do it, or to make you the host
hint-later = try again later
hint-open-a-film = open a film first: watchtogether ctl open FILE
hint-join-again = join the room again
hint-banned = the ban may be for someone with a similar name or on your network; the host can lift it with /unban
hint-leave = to leave the room, use watchtogether ctl quit
hint-list-bans = see who is banned with watchtogether ctl bans
hint-name-film = give the path to a file, or a link that begins with http:// or https://
hint-other-link = links begin with http:// or https://; for a file, give its path
hint-join-invite = use watchtogether join 'watchtogether://…', or - to read the invite from standard input
hint-join = join one with watchtogether join 'watchtogether://…'
hint-brackets = without brackets, all of it is taken as the address
hint-address = write it as HOST:PORT/ROOM
# $types is a list of code words.
hint-event-types = the types are { $types }
hint-password = use --password-file FILE, or set WATCHTOGETHER_PASSWORD
# Below a file that does not exist, if its folder does not exist either.
hint-no-folder = the folder { $path } does not exist either
# $name is what the user may have meant: a file, or the name of an action.
hint-did-you-mean = did you mean { $name }?
hint-status = check the connection with watchtogether status
hint-retry = it keeps trying to reconnect; to try right now, use watchtogether ctl retry
hint-line-kept = your message is kept, and sent when the server can be reached again
hint-reopen = open it with watchtogether ctl reopen
hint-no-player = this session was started without a player (--player none)
hint-list-actions = see all actions with watchtogether ctl --help
hint-start-client = start one with watchtogether host or watchtogether join
hint-same-version = use the same version of watchtogether for both
# $example is a line of JSON.
hint-request = a request is one line of JSON such as { $example }
hint-in-a-moment = try again in a moment
hint-config-init = watchtogether config init prints a configuration to start from
hint-log-filter = a filter is a level, such as debug, or has a level for each target: watchtogether=debug,quinn=info
hint-plain = try --plain, which works without a full screen

### Failures of a subcommand, after “error[code]: ”.

join-unreadable = cannot read the invite
join-no-invite = no invite given
join-no-recent = you have not been in a room yet
join-no-room = the address does not name a room
# $name is in quotes.
no-such-event-type = unknown event type { $name }
password-missing = no password given for the room
password-too-long = a password has at most { $count } characters
file-unreadable = cannot read { $path }
no-such-file = no such file: { $path }
path-not-absolute = cannot open { $path }
send-unreadable = cannot read the message
# $flag is a flag such as --name; $text is its value, with escapes.
flag-not-text = the value of { $flag } is not valid UTF-8: { $text }
argument-not-text = an argument is not valid UTF-8: { $text }
config-mistakes = { $count ->
    [one] the configuration has a mistake
   *[other] the configuration has { $count } mistakes
}
log-not-opened = cannot open the log file { $path }
# $variable is the name of an environment variable.
log-filter = { $variable } is not a valid filter: { $cause }
log-started-before = the log is already open
output-reader-gone = nothing reads the output any more
output-not-written = cannot write the output
output-no-json = cannot write the output as JSON
cannot-start = cannot start
terminal-unusable = cannot use the terminal

### Failures of requests to a running session, and of its answers.

no-client = no session is running on this machine
# $pid is the number of a process.
no-client-of-process = no session is running as process { $pid }
client-unreachable = cannot reach the running session
client-silent = the running session did not answer within { $seconds } s
client-answer-unreadable = cannot read the answer of the running session
client-other-answer = the running session did not answer with its status
client-in-no-room = the session is not in a room
client-not-connected = the session is not connected to the server
client-no-answer-yet = the server has not answered yet
client-no-player = no player is running
client-ending = the session is ending
client-busy = the session has too many requests waiting
events-not-here = this request is only possible on the socket itself
request-too-long = a request has at most { $kibibytes } KiB
request-unreadable = cannot read the request: { $cause }
other-socket-version = this session uses version { $version } of the control socket
# $name is the word of an action.
action-takes-nothing = { $name } takes no argument
# $form says how the argument is written, such as TIME.
action-takes = { $name } needs { $form }
# $name is in quotes.
no-such-action = unknown action { $name }

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
