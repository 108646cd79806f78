# The key that cancels.
withdraw-key = Esc
# Beside that key.
withdraw = cancel
# The answer that leaves the room.
leave-room = leave
# The same if that ends the room for the others.
end-room = end the room
# The answer that makes someone else the host.
hand-over = make them the host
# The answer that pastes.
paste = paste
# The question before a long paste.
paste-title = Paste all of it?
# The question before leaving.
leave-title = Leave the room?
# The same if that ends the room for the others. $count: their number.
end-title = { $count ->
    [one] End the room for 1 other person?
   *[other] End the room for { $count } other people?
}
# Below it: nobody is affected.
leave-alone = Nobody else is here.
# Below it: the others stay. $count: their number.
leave-others = { $count ->
    [one] 1 person is still here.
   *[other] { $count } people are still here.
}
# Below it if the user is the host. $count: the number of the others.
leave-host = { $count ->
    [one] 1 person is still here. Another member becomes the host.
   *[other] { $count } people are still here. Another member becomes the host.
}
# Below it if that ends the room for the others. $count: their number.
leave-ends = { $count ->
    [one] 1 person is still here. The room runs on your machine, so it ends for them too.
   *[other] { $count } people are still here. The room runs on your machine, so it ends for them too.
}
# Below the question about a long paste. $count: its lines.
paste-lines = This adds { $count } lines to your message. Nothing is sent yet.
# The same for a long paste of one line. $count: its characters.
paste-chars = This adds { $count } characters to your message. Nothing is sent yet.
# The same for a paste that is too long. $chars: its characters. $excess: how many are beyond the limit.
paste-too-long = These are { $chars } characters, { $excess } too many. The end will be cut off.
# A letter or Enter was pressed while a question is shown. $key: the key that answers. $answer: what it does.
letters-do-not-answer = press { $key } to { $answer } or Esc to cancel
