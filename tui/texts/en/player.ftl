# The status of a user who has no player. $why: a clause about it, from below.
no-player-because = no player: { $why }
# The status of a user whose player does not have the film open. $why: a clause about the film, from below.
player-failed = player failed
player-failed-because = player failed: { $why }

### Event lines of the chat.

# The user closed the player's window.
event-player-closed = your mpv window was closed; you are still in the room
# The player is gone. $why: a clause about it, from below.
event-player-gone = the player stopped: { $why }
# The same for a player that is restarted.
event-player-restarts = the player stopped: { $why }; restarting it
# The player cannot play a film. $what: its name; none if it is not known. $why: a clause about the film, from below.
not-opened = { $what ->
    [none] the player cannot open the film: { $why }
   *[other] the player cannot open { $what }: { $why }
}
# The user closed the film in the player's window.
film-closed = the film was closed in the mpv window
# The player opened other films again and again, and is left alone now.
opens-others = your player keeps opening something else, perhaps from one of its scripts
# There is no display.
no-display = no display found (DISPLAY is not set): only the sound is played
# The user asked for something, such as another volume, that needs a player.
no-player-runs = you have no player, so that has no effect
# The user asked for the player in a session that was started without one.
no-player-wanted = this session was started without a player

### Why a film is not open. They are shown after “the player cannot open Film.mkv: ”. $cause: a technical description.

open-no-such-file = there is no such file
open-not-allowed = you don't have permission to read it
open-folder = it is a folder
open-unreadable = it cannot be read
open-unreadable-because = it cannot be read: { $cause }
open-not-a-link = it is not a web link
open-refused = mpv refused to open it
open-not-shareable = others cannot watch it: it is neither a file nor a web link
open-endless-list = it is a playlist that leads only to other playlists
open-list-entry = it is a playlist, and its first entry cannot be played: { $cause }

### Why there is no player. They are shown after “the player stopped: ” or “no player: ”. $cause: a technical description.

player-closed = mpv window closed
player-not-started = { $program } cannot be started: { $cause }
player-exited = it quit
player-died = it crashed
player-died-with = it crashed ({ $status })
player-hung = it stopped responding
player-left-behind = it stopped responding and cannot be ended
player-garbled = it sent invalid data
player-no-library = libmpv cannot be loaded: { $cause }
player-incomplete-library = libmpv is incomplete: { $cause }
player-other-library = libmpv has client API { $major }.{ $minor }, but 2 is needed
player-no-handle = libmpv could not create a player: out of memory, or LC_NUMERIC is not C
player-unknown-option = mpv has no option “{ $name }”
player-bad-option = mpv does not accept { $name }={ $value }: { $cause }
player-mpv-refused = mpv does not start: { $cause }
player-mpv-quit = mpv quit as soon as it was started

### What to do about it, after one of them.

# The player wrote a log. $path: its file.
hint-player-log = its log is { $path }
# A process cannot be ended.
hint-player-disk = the disk or network share with the film may not be responding
# libmpv is missing, or too old.
hint-player-install = { $system ->
    [macos] install mpv 0.35 or newer: brew install mpv
   *[linux] install mpv 0.35 or newer: apt install libmpv2 (Debian, Ubuntu), dnf install mpv-libs (Fedora), pacman -S mpv (Arch)
}
# An option of the command line is wrong.
hint-player-option = check --mpv-option; “mpv --list-options” lists all options
