# Someone undid something. $act: a sentence about it, from below. $now: how things are now, as in undone, or from below.
spoken-undone = { $act }: { $now }.
# The speed is the previous one again.
spoken-now-speed = speed { $speed }
# What was undone. $who: who did that. $author: whose action it was; none if it was their own.
spoken-undid-seek = { $who ->
    [you] { $author ->
        [none] You undid the seek
       *[other] You undid { $author }'s seek
    }
   *[other] { $author ->
        [none] { $who } undid the seek
        [you] { $who } undid your seek
       *[other] { $who } undid { $author }'s seek
    }
}
spoken-undid-pause = { $who ->
    [you] { $author ->
        [none] You undid the pause
       *[other] You undid { $author }'s pause
    }
   *[other] { $author ->
        [none] { $who } undid the pause
        [you] { $who } undid your pause
       *[other] { $who } undid { $author }'s pause
    }
}
spoken-undid-start = { $who ->
    [you] { $author ->
        [none] You undid the start
       *[other] You undid { $author }'s start
    }
   *[other] { $author ->
        [none] { $who } undid the start
        [you] { $who } undid your start
       *[other] { $who } undid { $author }'s start
    }
}
spoken-undid-speed = { $who ->
    [you] { $author ->
        [none] You undid the speed change
       *[other] You undid { $author }'s speed change
    }
   *[other] { $author ->
        [none] { $who } undid the speed change
        [you] { $who } undid your speed change
       *[other] { $who } undid { $author }'s speed change
    }
}
spoken-undid-film = { $who ->
    [you] { $author ->
        [none] You undid the film change
       *[other] You undid { $author }'s film change
    }
   *[other] { $author ->
        [none] { $who } undid the film change
        [you] { $who } undid your film change
       *[other] { $who } undid { $author }'s film change
    }
}
spoken-undid-host = { $who ->
    [you] { $author ->
        [none] You undid the host change
       *[other] You undid { $author }'s host change
    }
   *[other] { $author ->
        [none] { $who } undid the host change
        [you] { $who } undid your host change
       *[other] { $who } undid { $author }'s host change
    }
}
spoken-undid-setting = { $who ->
    [you] { $author ->
        [none] You undid the change
       *[other] You undid { $author }'s change
    }
   *[other] { $author ->
        [none] { $who } undid the change
        [you] { $who } undid your change
       *[other] { $who } undid { $author }'s change
    }
}
spoken-undid-title = { $who ->
    [you] { $author ->
        [none] You undid the rename
       *[other] You undid { $author }'s rename
    }
   *[other] { $author ->
        [none] { $who } undid the rename
        [you] { $who } undid your rename
       *[other] { $who } undid { $author }'s rename
    }
}
spoken-undid-undo = { $who ->
    [you] { $author ->
        [none] You redid the change
       *[other] You undid { $author }'s undo
    }
   *[other] { $author ->
        [none] { $who } redid the change
        [you] { $who } undid your undo
       *[other] { $who } undid { $author }'s undo
    }
}
