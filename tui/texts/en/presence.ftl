# Event lines about members that come and go. $who: one or several people. $before: what they did just before, if the same line
# says so: they joined, left, lost the connection or came back.

# Members joined.
presence-joined = { $before ->
    [left] { $who } left and came back
   *[none] { $who } joined
}
# Members left.
presence-left = { $before ->
    [joined] { $who } joined and left
    [back] { $who } came back and left
   *[none] { $who } left
}
# Members whose connection was lost did not come back in time.
presence-gone = { $before ->
    [joined] { $who } joined and left: connection lost
    [lost] { $who } lost the connection and left
    [back] { $who } came back and left: connection lost
   *[none] { $who } left: connection lost
}
# The server disconnected members because they were too slow or sent too much.
presence-disconnected = { $before ->
    [joined] { $who } joined and got disconnected
    [back] { $who } came back and got disconnected
   *[none] { $who } got disconnected
}
# The host removed members. $who may be the user.
presence-kicked = { $before ->
    [joined] { $who } joined, and the host removed them
   *[none] the host removed { $who }
}
# The user removed members.
presence-you-kicked = { $before ->
    [joined] { $who } joined, and you removed them
   *[none] you removed { $who }
}
# The host removed members who cannot come back. $who may be the user.
presence-banned = { $before ->
    [joined] { $who } joined, and the host banned them
   *[none] the host banned { $who }
}
# The user removed members who cannot come back.
presence-you-banned = { $before ->
    [joined] { $who } joined, and you banned them
   *[none] you banned { $who }
}
# Members lost the connection; their seats are kept.
presence-lost = { $before ->
    [joined] { $who } joined and lost the connection
    [lost] { $who } lost the connection again
    [back] { $who } came back and lost the connection again
   *[none] { $who } lost the connection
}
# Members are connected again. $count: their number.
presence-back = { $before ->
    [joined] { $who } joined, lost the connection and came back
    [lost] { $who } lost the connection and came back
   *[none] { $count ->
        [one] { $who } is back
       *[other] { $who } are back
    }
}
