# Above the invite.
invite-lead = Send this line to your friends:
# The same above the chat, with what friends do with it.
invite-banner = Send this line to your friends. They paste it into a terminal:
# The invite was given to the terminal to copy.
invite-copied = invite copied; /invite shows it again
# The invite was not copied.
invite-not-copied = /invite shows the invite for your friends
# Above the invite for people on the same network.
invite-local = On your own network ([l] copies it):
# There is no invite to show.
no-invite = you have no invite to this room; ask the host for it
# In the invite: the key that copies it.
copy = [c] copy
# The key that shows the QR code.
show-code = [q] QR code
# The key that shows the text again.
hide-code = [q] text
# Something was copied. Terminals do not report whether they allow it.
copied = copied, if your terminal allows it
# In place of a QR code if only ASCII may be used.
code-in-ascii = A QR code needs half-block characters, which this terminal is set not to use.
# In place of a QR code that cannot hold the invite.
code-too-long = This invite is too long for a QR code.
# A hint to someone who was not let in with an invite that lacks its token.
no-token = the invite lost its end (&t=…) because the shell cuts it at the &; put it in quotes: watchtogether join 'watchtogether://…'
# How long the invite is valid: a room that its host opens again keeps its invite.
invite-valid = The invite works for any number of people, every time you host this room.
# Below the invite: what friends need.
invite-need = They also need their own copy of the film. Copies are compared by name, size and fingerprint; nothing is uploaded.
# In place of a QR code that does not fit.
code-needs = The QR code needs { $columns } columns and { $rows } rows; this terminal has { $has_columns } and { $has_rows }.
# Below the invite to a room on this machine: whether friends can reach it. $host is the address in the invite.
reach-verified = Reachability: verified. Someone joined from outside, through UDP port { $port }.
reach-local-behind-router = Reachability: verified on your own network. This machine, { $host }, is behind a router. To let others in, forward UDP port { $port } to it and set --public ADDRESS, or use a VPN, or run serve on a rented machine.
reach-local-else-unknown = Reachability: verified on your own network. It is not known whether others can reach UDP port { $port } of { $host }.
reach-unverified-router = Reachability: not verified, because nobody has joined from another machine yet. This machine, { $host }, is behind a router: the invite works on your own network. To let others in, forward UDP port { $port } to it and set --public ADDRESS, or use a VPN, or run serve on a rented machine.
reach-unverified = Reachability: not verified, because nobody has joined from another machine yet. Friends must be able to reach UDP port { $port } at { $host }.
reach-machine-only = Reachability: this machine only. It is not on a network, so nobody else can reach it.
# Below the invite: the room does not use the usual port.
invite-other-port = UDP port { $in_use } is in use by another program, so this room uses port { $port }. Older invites with port { $in_use } do not work for this room.
# In the chat: someone joined from further away than anyone before.
reached-on-network = verified: UDP port { $port } can be reached on your own network
reached-from-outside = verified: UDP port { $port } can be reached from outside
# The title of the invite.
invite-title = Invite to { $room }
