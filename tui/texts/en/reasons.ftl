### Why the room or its server refuses something.

refused-not-admitted = there is no such room, or the invite or password is not right
refused-room-full = the room is full
refused-name-taken = somebody in the room has that name already
refused-room-exists = there is a room of that name already
refused-not-host = only the host can do that
refused-rate-limited = too often in too short a time
refused-server-busy = the server takes no more right now
refused-no-such-member = nobody of that name is here
refused-no-item = nothing is on yet
refused-not-possible = this film cannot go there
refused-seat-gone = the seat was given up in the meantime
refused-shutting-down = the server is shutting down
refused-nothing-to-undo = there is nothing left to undo
refused-banned = you are banned from this room
refused-not-removable = the host, the room's owner and oneself cannot be removed
refused-no-such-ban = nobody of that name is banned
refused-name-reserved = that name is reserved
refused-room-damaged = the server cannot read this room from its disk
refused-not-written = the film is still being recorded and does not go that far yet

### Why one end closed the connection. They stand alone, or behind “connection lost: ”.

closed-left = left
closed-shutting-down = the server is shutting down
closed-replaced = the seat was taken by a newer connection of yours
closed-protocol-error = the other side sent something unreadable
closed-hello-timeout = the hello did not come in time
closed-too-slow = the connection was too slow for the room
closed-rate-limited = too much was sent in too short a time
closed-busy = the server is full
closed-refused = the request was refused
closed-room-closed = the host closed the room
closed-removed = the host removed you
closed-host-gone = the host's program stopped; the room is back when the host is

### Why there is no connection to the server. They stand behind “connection lost: ” or “the server cannot be reached: ”;
### $cause is a technical description, $host a name or an address.

link-pin-mismatch = the server that has the room shows another key than it is known by
link-closed = the server closed the connection
link-timed-out = nothing was heard for too long
link-restarted = the server was restarted
link-no-reason = the server ended the conversation without a reason
link-stuck = the server does not read what it is sent
link-task-ended = the connection's task ended
link-broken = the connection broke: { $cause }
unreachable-unresolved = the name { $host } cannot be resolved
unreachable-inward = a server sent us on to { $host }, which is in a network that the server itself is not in
unreachable-no-address = the server's name has no address that can be tried
unreachable-no-server = no server runs there
unreachable-no-answer = nothing answered within { $seconds } s
unreachable-other-version = the server speaks another version of the protocol
unreachable-sent-in-circles = each server says that another one has the room
unreachable-failed = the connection failed: { $cause }
