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
