# The heading of the panel about the user's player.
local-player = Your player
# In that panel while nothing is open.
no-facts = nothing open
# The title of the window with everything about the user's player.
player-title = Your player
# The screen is too small for panels.
no-room-for-panels = the screen is too small for panels; F2, F7 and F8 open them
# In the menu of a member: mentions them in the chat.
mention = mention them
# In the menu of a member: makes them the host.
give-room = make them the host
# In the menu of the user: makes them the host again.
take-back = become host again
# In the menu of a member: shows everyone's sync in numbers.
all-numbers = everyone's sync
# In the menu of the user: shows their player.
own-player = your player
# The keys of a menu.
choose = ↑↓ select  Enter run  Esc back
# The keys of the list of people.
choose-person = ↑↓ select  Enter menu  Esc close
# Why a key for chapters does nothing.
no-chapters = your file has no chapters
# Why no chapter was found.
no-such-chapter = there is no such chapter
# In the progress line: the chapter, with its title where it has one.
chapter-short = ch { $number }
chapter-short-title = ch { $number } { $title }
# In the player panel: the chapter and how many there are.
chapter-of = chapter { $number } of { $count }
# Below a member whose drift is being corrected: the speed of their player, and for how long.
corrected = ×{ $speed } for { $seconds } s
# Below the graph of the drift: the absolute drift in the last minute. The short message is for a narrow column.
sync-minute = p50 { $p50 } ms  p95 { $p95 } ms  worst { $worst } ms
sync-minute-short = p50 { $p50 } p95 { $p95 } max { $worst }
# Below that: how often playback was corrected or stopped in the last minute.
sync-happened = fixes { $corrections }   seeks { $seeks }   stalls { $stalls }
sync-happened-short = fix { $corrections }  seek { $seeks }  stall { $stalls }
# In the player panel: the sound track. $track is its number, language and channels.
player-audio = audio { $track }
player-no-audio = audio off
# In the player panel: the subtitles. $track is their number, language and title.
player-subtitles = subs { $track }
player-no-subtitles = subs off
# In the player panel: the title of a track. $track: one of the above.
player-track-title = { $track }: { $title }
# In the player panel: the volume in percent.
player-volume = vol { $percent }
player-volume-muted = vol { $percent } muted
# In the player panel: the part of the film that is read ahead, as a time.
player-cache = cache { $ahead }
# In the player panel: the number of pictures that were not shown in time.
player-dropped = dropped { $frames }
# In the player panel: the picture is decoded by the processor.
player-software = software
# In the player panel: how far the picture is behind the sound.
player-picture-late = A-V { $by }
# In the player panel: by how much the user delays the sound.
player-audio-delay = delay { $by }
