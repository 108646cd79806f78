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
# A number that nobody knows.
no-figure = —
