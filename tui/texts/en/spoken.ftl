# The first line of the help.
spoken-help-lead = Type to chat. Commands:
# The user does not leave after all.
spoken-stays = You are still in the room.
# Films are being searched for.
spoken-searching = Looking in your folders.
# The chat on this terminal was cleared.
spoken-cleared = The chat is cleared here.
# A command needs a room.
spoken-no-room = You are not in a room yet.
# The room plays, and the user's player is in sync with it.
spoken-in-sync = Playing, in sync.
# The user's player is playing again after it buffered.
spoken-refilled = Your player is playing again.
# The user's copy is the same file.
spoken-same-file = Your copy is the same.
# The user's copy is the same file, but still being written.
spoken-growing-file = Your copy is not complete yet.
# There is no older message.
spoken-oldest = That was the oldest message.
# There is no newer message.
spoken-newest = That was the newest message.
# Without a connection, the state of the others is unknown.
spoken-not-connected = You're offline, so the state of the others is unknown.
# The room plays, and the user watches alone.
spoken-playing-alone = Playing.
# A message of the user cannot be sent yet.
spoken-kept-for-later = You're offline. Your message is sent once you're connected again.
# The room ended.
spoken-room-closed = The host ended the room.
# There has been no connection for long, or the room is over.
spoken-paused-here = The film is paused here.
# The server is responding again.
spoken-answers-again = The server is responding again.
# More was said while the user was away than the server keeps.
spoken-chat-has-gap = Some messages from the meantime are missing.
# A command needs a terminal, and there is none.
spoken-needs-terminal = That needs a terminal.
# Lines were pasted into a terminal that does not mark pastes.
spoken-pasted-together = The pasted lines are one message. Enter sends it.
# The first Ctrl-C on an empty line. $within is a time.
spoken-interrupt-again = Press Control C again within { $within } to leave.
# The question before leaving, or before the room ends for all. $title and $question are its sentences on the screen.
spoken-leave-question = { $title } { $question } Type /quit again to leave; anything else cancels.
spoken-end-question = { $title } { $question } Type /quit again to end the room; anything else cancels.
# A paste had too many characters. $question says how many.
spoken-pasted-too-much = { $question } Control U clears the line.
# The length of a film became known; $title was still being written, is a link, or is live.
spoken-complete = { $title } is complete: { $length }.
spoken-length = Length of { $title }: { $length }.
spoken-live = { $title } is live.
# The copy of the user, or of someone else, is a different file. $how: how the length differs. $by: by how much.
spoken-other-file = { $how ->
    [longer] Your copy is a different file, { $by } longer. It may be a different cut.
    [shorter] Your copy is a different file, { $by } shorter. It may be a different cut.
   *[same] Your copy is a different file of the same length.
}
spoken-has-other-file = { $how ->
    [longer] { $name } has a different file, { $by } longer. It may be a different cut.
    [shorter] { $name } has a different file, { $by } shorter. It may be a different cut.
   *[same] { $name } has a different file of the same length.
}
# The user's player buffers, and the room waits for it or does not.
spoken-buffering = Your player is buffering, { $percent } percent.
spoken-buffering-awaited = Your player is buffering, { $percent } percent. The room is waiting for you.
# The room waits. $names is a list of names, those that buffer as in spoken-name-buffering. $count: how many people, at least
# nine, who are too many to be named.
spoken-waiting-for = Waiting for { $names }.
spoken-waiting-for-hint = Waiting for { $names }. Type /go-on to go on without.
spoken-waiting-count = Waiting for { $count } people.
spoken-waiting-count-hint = Waiting for { $count } people. Type /go-on to go on without.
spoken-name-buffering = { $name }, buffering { $percent } percent
# The room seeks, and so many players of so many have arrived.
spoken-seeking = Seeking to { $to }: { $there } of { $of } are there.
# How the user's player follows the room. $by and $within are times.
spoken-catching-up = Catching up.
spoken-catching-up-by = Catching up, { $by } behind.
spoken-settling = Settling, within { $within }.
spoken-slowing-down = Slowing down, { $by } ahead.
spoken-jumped = Jumped { $by } to sync.
# $by is a drift, with its direction.
spoken-out-of-sync = Out of sync, { $by }. Type /sync to get back in sync.
# The server was not reached. $attempt: the number of the next attempt.
spoken-next-try = Could not connect. Try { $attempt } in { $after }.
# A row of a list from which one is chosen by its number.
spoken-numbered = { $number }. { $words }.
# The list has no such number.
spoken-number-from = Type a number from 1 to { $most }, or something else.
# Below a list of films that were found.
spoken-candidates = { $count ->
    [one] One film matches. Type 1 to open it.
   *[other] { $count } films match. Type a number to open one.
}
# No film was found.
spoken-no-film = No film in your folders matches { $text }.
# A command that needs the screen. $help says what it does there.
spoken-screen-only = { $name } only works on the full screen: { $help }.
# An action that is only a key.
spoken-of-the-line = { $name } is an editing key: { $help }.
# The room refused something. $why: the reason.
spoken-refused = Not done: { $why }.
spoken-refused-for-now = Not done: { $why }. Try again in { $after }.
# A seek beyond the end. $length: the film's length. $forms: examples of times. $last: one more.
spoken-beyond-end = Not done: the film is { $length } long. Write a time as { $forms } or { $last }; +10 and -10 are relative.
# A slash command does not exist. $word: the command. $nearest: the most similar one, if there is one.
spoken-mistake-nearest = Unknown command /{ $word }. Did you mean /{ $nearest }?
spoken-mistake-unknown = Unknown command /{ $word }. To send it as text, type //{ $word }.
# A slash command with a wrong argument.
spoken-mistake-no-argument = /{ $word } takes no argument.
spoken-mistake-argument = Write { $form }.
# The same with what the argument is. $form: what to write. $help: a clause about the argument.
spoken-mistake-argument-help = Write { $form }: { $help }.
# Both after what is wrong with the argument. $reason: a clause. $form: one of the two sentences above.
spoken-mistake-wrong = { $reason }. { $form }
# A line of the help.
spoken-help = { $form }: { $help }.
# Who is in the room, when one comes in; the host as in spoken-name-host.
spoken-people = { $count ->
    [one] 1 person: { $names }.
   *[other] { $count } people: { $names }.
}
spoken-name-host = { $name } (host)
# Too much happened at once to be read.
spoken-left-out = { $count ->
    [one] 1 line was skipped.
   *[other] { $count } lines were skipped.
}
# In a message, in place of a part that its sender hid.
spoken-hidden = (hidden; /reveal shows it)
# The connection is lost for good; /retry starts anew. $why is a clause.
spoken-disconnected = Disconnected. Type /retry to try again, /quit to leave.
spoken-disconnected-because = Disconnected: { $why }. Type /retry to try again, /quit to leave.
# Before what was said in the room before.
spoken-earlier = Earlier, { $line }
# A message that says what somebody does.
spoken-action = Action: <{ $name }> { $text }
# The room, for someone who joins. $people and $what are sentences: who is here, and what is on.
spoken-room = Room { $room }. { $people } { $what }
# What is on. $place is a position; $speed is said where it was asked for.
spoken-place = { $motion ->
    [playing] { $title }, at { $place }, playing.
    [paused] { $title }, at { $place }, paused.
   *[starting] { $title }, at { $place }, starting.
}
spoken-place-at-speed = { $motion ->
    [playing] { $title }, at { $place }, playing, speed { $speed }.
    [paused] { $title }, at { $place }, paused, speed { $speed }.
   *[starting] { $title }, at { $place }, starting, speed { $speed }.
}
spoken-no-item = Nothing is on yet.
# The state of the film and of the user's player.
spoken-starting = Starting.
spoken-loading = Opening the film.
spoken-comparing = Comparing clocks.
spoken-your-player-too-slow = Your player cannot keep up with the film.
spoken-your-player-not-responding = Your player is not responding.
# Answers to commands that find nothing.
spoken-nobody-banned = Nobody is banned.
spoken-no-invite = You have no invite to this room. Ask the host for it.
spoken-no-mention = Nobody has mentioned you.
spoken-no-chapters = Your file has no chapters.
spoken-no-such-chapter = There is no such chapter.
spoken-nothing-hidden = No message has hidden text.
spoken-help-nothing = No matches.
# The invite. $line is the command that friends run.
spoken-invite = Send this line to your friends: { $line }
spoken-invite-local = On your own network: { $line }
# Above everyone's numbers, and in place of someone's.
spoken-details-lead = Sync, the last 10 s.
spoken-no-figures = { $name }: no numbers yet.
# Above the lines about the user's player, and in place of them.
spoken-player-lead = Your player.
spoken-no-facts = Nothing is open.
# A seek that led back to where it began. $to: that position.
spoken-came-back = { $who ->
    [you] You came back to { $to }.
   *[other] { $who } came back to { $to }.
}
# Somebody seeked: by a time, to a position. "In all" is used if they seeked again after the first seek was reported.
spoken-went-back = { $who ->
    [you] You went back { $by }, to { $to }.
   *[other] { $who } went back { $by }, to { $to }.
}
spoken-went-forward = { $who ->
    [you] You went forward { $by }, to { $to }.
   *[other] { $who } went forward { $by }, to { $to }.
}
spoken-went-back-in-all = { $who ->
    [you] You went back { $by } in all, to { $to }.
   *[other] { $who } went back { $by } in all, to { $to }.
}
spoken-went-forward-in-all = { $who ->
    [you] You went forward { $by } in all, to { $to }.
   *[other] { $who } went forward { $by } in all, to { $to }.
}
# Somebody started or paused the film, or changed its speed.
spoken-played = { $who ->
    [you] You pressed play, at { $at }.
   *[other] { $who } pressed play, at { $at }.
}
spoken-paused = { $who ->
    [you] You paused, at { $at }.
   *[other] { $who } paused, at { $at }.
}
spoken-rate-changed = { $who ->
    [you] You set the speed to { $speed }.
   *[other] { $who } set the speed to { $speed }.
}
# The user asks for the speed that the room has. $speed: that speed, as above.
spoken-rate-already = The speed is already { $speed }.
# Somebody started another film.
spoken-put-on = { $who ->
    [you] You started { $title }, { $length }.
   *[other] { $who } started { $title }, { $length }.
}
spoken-put-on-live = { $who ->
    [you] You started { $title }, live.
   *[other] { $who } started { $title }, live.
}
spoken-put-on-unknown = { $who ->
    [you] You started { $title }.
   *[other] { $who } started { $title }.
}
# Somebody else is ready, or watches again after their copy failed.
spoken-is-ready = { $who } is ready.
spoken-is-watching-again = { $name } is watching again.
# A message was refused. $why is a clause, $text the message.
spoken-not-sent = Not sent, { $why }: { $text }
