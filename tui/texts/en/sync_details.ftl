# The title of the window with everyone's sync.
sync-details = Sync (last 10 s)
# The headings of its columns.
column-drift = drift
# The median of the absolute drift, in milliseconds.
column-p50 = p50
# Its 95th percentile.
column-p95 = p95
# The largest.
column-worst = worst
# How much the player's speed differs from the room's.
column-speed = speed
# The round trip, in milliseconds.
column-round-trip = ping
# The largest possible error of the comparison of clocks, in milliseconds.
column-bound = clock
# How much of the film the player has buffered.
column-ahead = ahead
# How often the player was paused to get in sync.
column-corrections = fixes
# How long the last of these pauses was.
column-freeze = stopped
# Below the table: the columns explained.
columns-explained = drift: how far a player's sound is ahead of the room, in ms; p50, p95, worst: absolute drift. speed: how much faster than the room the player is set to play. fixes: automatic pauses; stopped: length of the last one.
clock-column-explained = clock: the largest possible clock error, in ms. If the network is slower in one direction, the player may be off by this much without any drift being shown.
# Beside a member: how much their drift varies.
person-spread = ±{ $ms } ms over 10 s
# Beside a member: how often their player was paused to get in sync.
person-corrections = fixes { $count }
