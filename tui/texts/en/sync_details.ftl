# The title of the numbers of everybody.
sync-details = Sync, the last 10 s
# The headings of those numbers.
column-drift = drift
# The median of the drift's size, in milliseconds.
column-p50 = p50
# Its 95th percentile.
column-p95 = p95
# The largest.
column-worst = worst
# The difference of the player's speed from the room's.
column-speed = speed
# The round trip, in milliseconds.
column-round-trip = rtt
# The bound on the error of the clocks' comparison, in milliseconds.
column-bound = clock
# The part of the film that the player has ahead.
column-ahead = ahead
# Corrections by a hold.
column-corrections = fix
# The time that the film stood for the last of them.
column-freeze = stood
# Below the table: the columns explained.
columns-explained = drift: how far a player's sound is ahead of the room, in ms; p50, p95 and worst are of its size. speed: how much faster than the room it is told to play. fix: holds nobody asked for; stood: how long the film stood for the last.
clock-column-explained = clock: the one error that cannot be measured. If a path is slower one way than the other, that player is off by up to so many ms and nobody's number shows it.
# Beside a member: how far their drift varies.
person-spread = ±{ $ms } ms over 10 s
# Beside a member: how often their playback was corrected.
person-corrections = corrections { $count }
