### Why a text is not what it should be. They are shown alone, after “error[code]: ”, or after what was typed; $why
### in another message is one of them. $most is the highest number that is allowed.

invite-empty = the invite is empty
# $why says what is wrong with the name.
invite-room = the room in the invite is not valid: { $why }
invite-cut-key = the invite was cut or mistyped: its key is not complete
invite-cut-token = the invite was cut or mistyped: its token is not complete
invite-other-link = an invite begins with { $scheme } or looks like HOST:PORT/ROOM
address-no-host = the address has no host name
# $port is the typed text.
address-port = "{ $port }" is not a UDP port, a number from 1 to 65535
# $host is the typed text.
address-host = "{ $host }" is not a host name
address-brackets = an IPv6 address with a port needs brackets: type [{ $host }]:{ $port }

room-name-empty = the room needs a name
room-name-long = a room's name can have at most { $most } characters
room-name-character = a room's name can have a-z, 0-9, '-', '_' and '.', but not '{ $character }'

name-empty = a name needs at least one visible character
name-long = a name can have at most { $most } characters
name-reserved = this name is reserved: choose another one
name-mark = a name cannot contain { $mark }, because watchtogether uses it as a symbol

film-link-scheme = a link begins with http:// or https://
film-link-no-host = the link has no host name
film-link-character = the link contains a space or another character that links cannot have
film-link-long = a link can have at most { $most } characters

listen-address = an address with a port is needed, such as [::]:7843 or 0.0.0.0:7843
mpv-option-form = an option looks like KEY=VALUE, as in mpv.conf

### Why there is no connection to the server. They are shown after “connection lost: ” or
### “cannot reach the server: ”; $path is the list of known servers, $cause a technical description.

link-unreadable = the server sent data that this version of watchtogether cannot read
known-servers-unreadable = the list of known servers, { $path }, cannot be read: { $cause }
known-servers-unwritable = the list of known servers, { $path }, cannot be written: { $cause }
known-servers-line = line { $line } of { $path }, the list of known servers, cannot be read: correct or remove it

### Failures of a server, after “error[code]: ”. $path is a file or folder, $cause a technical description.

server-cannot-listen = cannot listen on UDP { $address }
state-folder-unusable = cannot use the state folder { $path }
state-file-unusable = cannot use { $path }
server-key-damaged = { $path } is damaged: restore it from a backup, or delete it and send new invites
server-key-exposed = other users can read { $path }: run chmod 600 on it, or delete it and send new invites
# Another process of this program starts the server and gives it the key.
server-key-handed = the server did not get its key from the program that started it
server-key-not-made = cannot create a key for the server
store-in-use = another server is using the rooms in { $path }
store-missing = { $path } does not exist
store-exists = { $path } already exists
store-foreign = { $path } is not a file with watchtogether's rooms
store-damaged = { $path } is damaged: { $cause }
# $found and $known are versions of the format of the file.
store-newer = { $path } was written by a newer version of watchtogether (schema { $found }; this version reads up to { $known })

### Failures of this program on this machine, after “error[code]: ”.

film-unreadable = cannot open { $path }
film-not-a-file = { $path } is not a file
signals-unusable = cannot handle signals
keyboard-unreadable = cannot read the keyboard
program-not-found = cannot find watchtogether's own program file
no-random-numbers = the system provides no random numbers
task-stopped = something in watchtogether stopped unexpectedly

# A check of a file or folder before it is used.
untrusted-not-a-folder = { $path } is not a folder
untrusted-not-a-file = { $path } is a link or not a file: delete it
untrusted-linked-folder = { $path } is a link, not a folder
untrusted-writable = other users can write to { $path }: run chmod 700 { $path }
# $uid is the number of the user.
untrusted-owner = { $path } belongs to another user (uid { $uid })

### Files that the program keeps for its user: “chat” of a room on an earlier evening, recent “rooms”, or “drafts” of
### messages. $why is a reason of the system.

page-damaged = { $page ->
    [chat] the saved chat of this room was damaged; it is kept as { $file }
    [rooms] the list of recent rooms was damaged; it is kept as { $file }
   *[drafts] the unsent messages were damaged; they are kept as { $file }
}
page-newer = { $page ->
    [chat] a newer version of watchtogether saved the chat of this room: it is left unchanged and not shown
    [rooms] a newer version of watchtogether saved the list of recent rooms: it is left unchanged and not shown
   *[drafts] a newer version of watchtogether saved the unsent messages: they are left unchanged and not shown
}
page-unreadable = { $page ->
    [chat] cannot read the saved chat of this room ({ $why })
    [rooms] cannot read the list of recent rooms ({ $why })
   *[drafts] cannot read the unsent messages ({ $why })
}
page-unwritable = { $page ->
    [chat] cannot save the chat of this room ({ $why })
    [rooms] cannot save the list of recent rooms ({ $why })
   *[drafts] cannot save unsent messages ({ $why })
}
