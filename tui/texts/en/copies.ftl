# The user's file is another.
other-file = other file
# The file is the room's own.
same-file = same file
# A member's copy is as long as the room's film and has other bytes.
other-copy = other copy
# A member's copy is still being written.
growing = still growing
