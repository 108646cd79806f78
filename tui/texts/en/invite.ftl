# What is done with the invite.
invite-lead = Send this line to your friends:
# The same above the chat, with what friends do with it.
invite-banner = Send this line to your friends. They paste it into a terminal:
# The invite was given to the terminal to copy.
invite-copied = the line for your friends is copied; /invite shows it again
# It was not.
invite-not-copied = /invite shows the line for your friends at any time
# Before the invite for those who are on the same network.
invite-local = On your own network ([l] copies it):
# There is no invite to show.
no-invite = no invite is known here: ask the host for theirs
# The key that copies, in the invite.
copy = [c] copy
# The key that shows the code.
show-code = [q] QR code
# The key that shows the invite again.
hide-code = [q] text
# Something was copied; nobody hears whether the terminal took it.
copied = copied, if your terminal allows it
# A terminal of ASCII alone cannot draw a code.
code-in-ascii = A QR code is drawn of half blocks, which this terminal was said not to have.
# The invite is longer than any code.
code-too-long = This invite is too long for a QR code.
# The way into a room that did not let in whoever had an invite without its token.
no-token = the invite has no token (&t=…): a shell cuts it at the &, so put it in quotes: watchtogether join 'watchtogether://…'
# How long the invite is good: a room that its host opens again has the same one.
invite-valid = It works whenever you host this room, tonight or another evening, for any number of people.
# Below the invite: the film that friends need.
invite-need = They also need the same film, or a copy of it: name, size and fingerprint are compared, nothing is uploaded.
# In place of a QR code that does not fit.
code-needs = The QR code needs { $columns } columns and { $rows } rows; this terminal has { $has_columns } and { $has_rows }.
# Below the invite to a room on this machine: whether friends can reach it. $host is the address in the invite.
reach-verified = Reachability: verified. Somebody came in from outside, by UDP port { $port }.
reach-local-behind-router = Reachability: verified on your own network. From elsewhere this machine, { $host }, is behind a router: forward UDP port { $port } to it and give --public ADDRESS, or use a VPN, or run serve on a rented machine.
reach-local-else-unknown = Reachability: verified on your own network. Whether UDP port { $port } of { $host } leads here from elsewhere is not known.
reach-unverified-router = Reachability: not verified, nobody has come in from another machine yet. This machine is { $host }, behind a router: the line is good on your own network. For others forward UDP port { $port } to it and give --public ADDRESS, or use a VPN, or run serve on a rented machine.
reach-unverified = Reachability: not verified, nobody has come in from another machine yet. UDP port { $port } of { $host } must lead to this machine.
reach-machine-only = Reachability: this machine only. It has no network that others could reach it by.
# Below the invite: the room has another port than the usual one.
invite-other-port = UDP port { $in_use } is in use by another program, so this room uses port { $port }. Invites for port { $in_use } do not lead here.
# In the chat: the first member came in from further away than any before.
reached-on-network = UDP port { $port } can be reached on your own network
reached-from-outside = UDP port { $port } can be reached from outside: verified
# The title of the invite.
invite-title = Invite to { $room }
