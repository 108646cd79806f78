# Answers about people and players, in plain mode.

# Why a member is not ready. $name is the member.
spoken-is-searching = { $name } is looking for the film, { $folders } so far
spoken-is-off = { $name } is { $by }
spoken-is-buffering = { $name } is buffering, { $percent } percent
spoken-copy-ended-of = { $name }'s copy ended at { $at }
# The same after a name in the list of people.
spoken-getting-ready = getting ready
spoken-no-player = no player
spoken-player-is-closed = player closed
spoken-opening = opening the film
spoken-looking = looking for the film
spoken-looking-in = looking for the film, { $folders } so far
spoken-no-copy = doesn't have the film
spoken-behind-by-some = catching up
spoken-own-pace = watching at their own pace
spoken-buffers = buffering { $percent } percent
spoken-copy-has-ended = copy ended at { $at }
spoken-too-slow = cannot keep up
spoken-player-silent = player not responding
spoken-unreadable = player cannot read the film
spoken-not-a-film = player cannot play the film
spoken-crashed = player crashed
spoken-failed = player failed
# After a name in the list of people: their connection.
spoken-connected = connected
spoken-link-lost = connection lost
spoken-link-silent = not responding
# After a name in the list of people: their copy of the film. $how is how its length differs, $by by how much.
spoken-file-same = same file
spoken-file-growing = same file, not complete yet
spoken-file-live = live
spoken-file-other = { $how ->
    [longer] a different file, { $by } longer, possibly a different cut
    [shorter] a different file, { $by } shorter, possibly a different cut
   *[same] a different file of the same length
}
# The user's player looks for their copy of the film.
spoken-searching-for = Looking for { $title }.
spoken-searching-for-in = Looking for { $title }, { $folders } so far.
# The user has no copy of the film. $title: the film; none if it is not known.
spoken-lacks-film = { $title ->
    [none] You don't have the film. Type /open and the path to your copy, or /reopen to look again.
   *[other] You don't have { $title }. Type /open and the path to your copy, or /reopen to look again.
}
# The user's copy is shorter than the film.
spoken-your-copy-ended = Your copy ended at { $at }.
# The numbers of a member. $figures is a list of those below.
spoken-figures = { $name }: { $figures }.
spoken-half-within = half within { $span }
spoken-p95-within = 95 percent within { $span }
spoken-worst = worst { $span }
spoken-percent-slower = { $percent } percent slower
spoken-percent-faster = { $percent } percent faster
spoken-round-trip = ping { $span }
spoken-clock-bound = clock accurate to { $span }
spoken-buffered = { $span } buffered
spoken-last-correction = the last one lasted { $span }
# The user's player in the last minute.
spoken-minute = In the last minute: { $corrections }, { $seeks }, { $stalls }.
# A line about the user's player. $facts is a list of those below.
spoken-player-line = { $facts }.
spoken-sound = Sound track { $track }
spoken-sound-off = Sound off
spoken-volume = volume { $percent } percent
spoken-muted = muted
spoken-sound-delayed = delayed by { $ms } milliseconds
spoken-subtitles = Subtitles track { $track }
spoken-subtitles-off = Subtitles off
# The line about its picture. $facts is a list of those below.
spoken-picture = Picture: { $facts }.
spoken-picture-size = { $width } by { $height }
spoken-frame-rate = { $count } frames a second
spoken-decoded-by = decoded by { $decoder }
spoken-decoded-in-software = decoded in software
spoken-dropped = { $count } dropped
spoken-picture-early = { $span } before the sound
spoken-picture-late = { $span } behind the sound
# What is read ahead.
spoken-cache = { $span } buffered.
# The user changed the volume.
spoken-volume-now = Volume { $percent } percent.
spoken-volume-now-muted = Volume { $percent } percent, muted.
# The chapter of the film.
spoken-chapter = Chapter { $number } of { $count }.
spoken-chapter-title = Chapter { $number } of { $count }, { $title }.
