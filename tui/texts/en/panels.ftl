# The heading of the own player.
local-player = Local player
# What stands there while there is nothing to tell.
no-facts = nothing open
# What is heard.
audio = audio
# What is read.
subtitles = subs
# No track of a kind.
off = off
# The player is silenced.
muted = muted
# The picture is decoded by the processor.
software = software
# The title of the own player, whole.
player-title = My player
# The screen is too small for panels.
no-room-for-panels = this screen is too small for panels: F2, F7 and F8 show them
# What is done with somebody: say their name.
mention = mention them
# What is done with somebody: hand the room over.
give-room = give them the room
# What is done with oneself: be host again.
take-back = take the room back
# What is done with somebody: look at everybody's numbers.
all-numbers = everybody's numbers
# What is done with oneself: look at the own player.
own-player = my player
# How one acts in a list.
choose = ↑↓ choose  Enter act  Esc back
# How one acts on the list of people.
choose-person = ↑↓ choose  Enter act  Esc close
# There are no chapters.
no-chapters = my file has no chapters
# There is no such chapter.
no-such-chapter = there is no such chapter
# The link is as it should be.
link-ok = ok
# The link takes long.
link-slow = slow
