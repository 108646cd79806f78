### Why the room or its server refuses something. These are shown alone, or after “Not done: ” and “error[code]: ”.

refused-not-admitted = no such room, or the invite or password is wrong
refused-room-full = the room is full
refused-name-taken = someone in the room already has that name
refused-room-exists = a room with that name already exists
refused-not-host = only the host can do that
refused-rate-limited = too many requests
refused-server-busy = the server is full
refused-no-such-member = nobody here has that name
refused-no-item = no film has been opened yet
refused-not-possible = cannot seek to that position in this film
refused-seat-gone = your seat in the room is gone
refused-shutting-down = the server is shutting down
refused-nothing-to-undo = nothing to undo
refused-banned = you are banned from this room
refused-not-removable = you cannot remove yourself, the host or the room's owner
refused-no-such-ban = nobody with that name is banned
refused-name-reserved = that name is reserved
refused-room-damaged = the server cannot read this room from its disk
refused-not-written = the film is still being recorded and has not got that far yet

### Why one end closed the connection. These are shown alone, or after “connection lost: ”.

closed-left = you left
closed-shutting-down = the server is shutting down
closed-replaced = you joined from somewhere else
closed-protocol-error = the server could not understand this program
closed-hello-timeout = the connection timed out before it was set up
closed-too-slow = your connection is too slow for this room
closed-rate-limited = you sent too much in a short time
closed-busy = the server is full
closed-refused = the server refused the request
closed-room-closed = the host ended the room
closed-removed = the host removed you
closed-host-gone = the host's program stopped; the room comes back when the host does

### Why there is no connection to the server. These are shown after “connection lost: ” or
### “cannot reach the server: ”. $cause is a technical description, $host a name or an address.

link-pin-mismatch = the server that has the room has a different key than expected
link-closed = the server closed the connection
link-timed-out = the server stopped responding
link-restarted = the server restarted
link-no-reason = the server closed the connection without a reason
link-stuck = the server stopped accepting data
link-task-ended = an internal error ended the connection
link-broken = network error: { $cause }
unreachable-unresolved = no address was found for { $host }
unreachable-inward = the server redirected to { $host }, a private address, which is not allowed
unreachable-no-address = the name of the server has no address that can be used
unreachable-no-server = no server is running there
unreachable-no-answer = no answer within { $seconds } s
unreachable-other-version = the server speaks another version of the protocol
unreachable-sent-in-circles = the servers redirect to each other
unreachable-failed = network error: { $cause }
