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
