# Times and numbers as they are read aloud.
spoken-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
spoken-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
# $count may have a fraction.
spoken-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
spoken-millis = { $count ->
    [one] 1 millisecond
   *[other] { $count } milliseconds
}
# Times of several units: $hours and $minutes are the messages above. Seconds after minutes are a bare number.
spoken-minutes-seconds = { $minutes } { $seconds }
spoken-hours-minutes = { $hours } { $minutes }
spoken-hours-seconds = { $hours } { $seconds }
spoken-hours-minutes-seconds = { $hours } { $minutes } { $seconds }
# A position in the film, and the film's length.
spoken-position-of = { $at } of { $duration }
# The drift of a player. $by is a time.
spoken-on-time = on time
spoken-ahead = { $by } ahead
spoken-behind = { $by } behind
# The speed of the film.
spoken-speed-normal = normal
spoken-speed = { $times } times
spoken-folders = { $count ->
    [one] 1 folder
   *[other] { $count } folders
}
spoken-corrections = { $count ->
    [one] 1 fix
   *[other] { $count } fixes
}
spoken-seeks = { $count ->
    [one] 1 seek
   *[other] { $count } seeks
}
spoken-stalls = { $count ->
    [one] 1 stall
   *[other] { $count } stalls
}
