# The title of the invite.
invite-title = Invite to
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
