# The key that withdraws a question.
withdraw-key = Esc
# The deed of that key.
withdraw = cancel
# The deed that the question before leaving asks about.
leave-room = leave
# The same where the room ends for others.
end-room = end the room
# The deed that the question before the room is handed over asks about.
hand-over = hand it over
# The deed that the question before a long paste asks about.
paste = paste
# The question before a long paste.
paste-title = Paste all of it?
# The question before leaving.
leave-title = Leave the room?
# The same where the room ends with the user. $count: the others.
end-title = { $count ->
    [one] End the room for 1 other person?
   *[other] End the room for { $count } other people?
}
# What happens: nothing.
leave-alone = Nobody else is here.
# What happens: the others stay. $count: the others.
leave-others = { $count ->
    [one] 1 person is still here.
   *[other] { $count } people are still here.
}
# What happens when the host leaves. $count: the others.
leave-host = { $count ->
    [one] 1 person is still here. Another member becomes the host.
   *[other] { $count } people are still here. Another member becomes the host.
}
# What happens where the room ends with the user. $count: the others.
leave-ends = { $count ->
    [one] 1 person is still here. The room is on your machine: it ends for them too.
   *[other] { $count } people are still here. The room is on your machine: it ends for them too.
}
# What happens with a long paste. $count: its lines.
paste-lines = { $count } lines go into the message. Nothing is sent yet.
# What happens with a long paste of one line. $count: its characters.
paste-chars = { $count } characters go into the message. Nothing is sent yet.
# What happens with a paste that is too long. $chars: its characters. $excess: those beyond the limit.
paste-too-long = { $chars } characters, { $excess } too many: the end is cut off.
# A letter or Enter was pressed while a question is shown. $key: the key that answers. $answer: what it does.
letters-do-not-answer = press { $key } to { $answer } or Esc to cancel
