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
column-corrections = fixes
# The time that the film stood for the last of them.
column-freeze = stopped
# Below the table: the columns explained.
columns-explained = drift: how far a player's sound is ahead of the room, in ms; p50, p95, worst: absolute drift. speed: how much faster than the room the player is set to play. fixes: automatic pauses; stopped: length of the last one.
clock-column-explained = clock: an error that cannot be measured. If the network is slower one way than the other, that player is off by up to this many ms, and no number shows it.
# Beside a member: how far their drift varies.
person-spread = ±{ $ms } ms over 10 s
# Beside a member: how often their playback was corrected.
person-corrections = corrections { $count }
