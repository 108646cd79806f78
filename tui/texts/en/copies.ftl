# The room's film is not on this machine. $title: the film; none if it is not known.
lack-file = { $title ->
    [none] you don't have the film
   *[other] you don't have { $title }
}
# Folders are being searched for the room's film. $title: the film. $folders: the folders so far.
searching = { $folders ->
    [0] looking for { $title } …
    [one] looking for { $title } … 1 folder
   *[other] looking for { $title } … { $folders } folders
}
# The user's copy is shorter than the room's film. $at: its end.
copy-ended = your copy ended at { $at }
# The copy is the same file as the room's film.
same-file = same file
# The status of a user whose copy is a different file. $title: the room's film. $way: how the length compares. $length: the difference.
other-file-compared = { $way ->
    [shorter] your copy is { $length } shorter than { $title }
    [longer] your copy is { $length } longer than { $title }
   *[same] your copy differs from { $title } (same length)
}
# An event line about another member's copy. $who: the member. $title: the room's film; none if it is not known. $way: how the copy's length compares.
# $length: the difference.
has-other-copy = { $title ->
    [none] { $way ->
        [shorter] { $who }'s copy is { $length } shorter than the film
        [longer] { $who }'s copy is { $length } longer than the film
       *[same] { $who }'s copy differs from the film (same length)
    }
   *[other] { $way ->
        [shorter] { $who }'s copy is { $length } shorter than { $title }
        [longer] { $who }'s copy is { $length } longer than { $title }
       *[same] { $who }'s copy differs from { $title } (same length)
    }
}
# An event line: the user's copy is the same file. $title: the film.
your-copy-same = your copy of { $title } is the same ✓
# An event line: the user's copy is a different file. $title: the room's film. $way: how the length compares. $length: the difference.
your-copy-other = { $way ->
    [shorter] your copy is { $length } shorter than { $title } ⚠
    [longer] your copy is { $length } longer than { $title } ⚠
   *[same] your copy differs from { $title } (same length) ⚠
}
# An event line: the user's copy is the same file, but still being written. $title: the film.
your-copy-growing = your copy of { $title } is not complete yet
# How a copy differs, in a column of the roster. $way: how its length compares. $length: the difference.
other-copy = { $way ->
    [shorter] { $length } shorter
    [longer] { $length } longer
   *[same] differs
}
# A member's copy is still being written, in the same column.
growing = incomplete
# After the user's status. $how: the difference, as in the roster.
your-copy = your copy: { $how }
# In the status bar. $count: the members whose copies are different files.
have-other-copies = { $count } have different copies
