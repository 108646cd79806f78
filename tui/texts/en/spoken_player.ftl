# The player cannot play a film. $what: its name; none if it is not known. $why: a clause, as in not-opened. $next: what the
# user can do: name another film, or another copy of this one.
spoken-not-opened = { $next ->
    [film] { $what ->
        [none] The player cannot open the film: { $why }. Type /open FILE to start another film.
       *[other] The player cannot open { $what }: { $why }. Type /open FILE to start another film.
    }
   *[copy] { $what ->
        [none] The player cannot open the film: { $why }. Type /reopen to try again, or /open FILE to use another copy.
       *[other] The player cannot open { $what }: { $why }. Type /reopen to try again, or /open FILE to use another copy.
    }
}
# The user closed the film in the player's window. $next: as above.
spoken-film-closed = { $next ->
    [film] The film was closed in the mpv window. Type /open FILE to start another film.
   *[copy] The film was closed in the mpv window. Type /reopen to open it again, or /open FILE to use another copy.
}
# The player opened other films again and again, and is left alone now.
spoken-opens-others = Your player keeps opening something else, perhaps from one of its scripts. Type /reopen to try again.
# There is no display.
spoken-no-display = No display was found (DISPLAY is not set): only the sound is played.
# The user asked for something that needs a player.
spoken-no-player-runs = You have no player, so that has no effect.
# The user asked for the player in a session that was started without one.
spoken-no-player-wanted = This session was started without a player.
# The player's window was closed.
spoken-player-closed = Your mpv window was closed. You are still in the room; type /reopen to watch again.
# The player is gone. $why: a clause, as in event-player-gone. $next: whether it comes back.
spoken-player-gone = { $next ->
    [restart] The player stopped: { $why }. It is being restarted.
   *[gone] The player stopped: { $why }. You are still in the room; type /reopen to watch again.
}
# The same with a hint. $hint: a sentence from below.
spoken-player-gone-hint = { $next ->
    [restart] The player stopped: { $why }. { $hint } It is being restarted.
   *[gone] The player stopped: { $why }. { $hint } You are still in the room; type /reopen to watch again.
}
# The hints: the player wrote a log, does not respond, is not installed, or has a wrong option.
spoken-hint-log = Its log is { $path }.
spoken-hint-disk = The disk or network share with the film may not be responding.
spoken-hint-install = { $system ->
    [macos] Install mpv 0.35 or newer: brew install mpv.
   *[linux] Install mpv 0.35 or newer: apt install libmpv2 (Debian, Ubuntu), dnf install mpv-libs (Fedora), pacman -S mpv (Arch).
}
spoken-hint-option = Check --mpv-option; “mpv --list-options” lists all options.
