# What is done with somebody: take their seat away.
kick = remove them
# What is done with somebody: take their seat away and keep them out.
ban = ban them
# Why the session of somebody is over who may not come in again.
host-banned-you = the host banned you
# There is no ban.
nobody-banned = nobody is banned
# The question before somebody is removed. $name: the member.
kick-title = Remove { $name }?
# What happens then. $name: the member.
kick-question = { $name } will be removed, but can join again with the invite.
# The answer that does it. $name: the member.
kick-person = remove { $name }
# The question before somebody is removed who cannot come back. $name: the member.
ban-title = Ban { $name }?
# What happens then. $name: the member.
ban-question = { $name } is removed and cannot come back for 7 days, nor under a name that looks the same, nor from the same network for 24 hours unless it is yours too. /unban takes it back.
# The answer that does it. $name: the member.
ban-person = ban { $name }
# The question before the room is handed over. $name: the new host.
hand-over-title = Hand the room to { $name }?
# What happens then. $name: the new host.
hand-over-question = { $name } will control the film, and you will follow.
# There is no such ban. $name: the name that was given.
nobody-banned-called = nobody called { $name } is banned
# Bans were lifted. $names: whose.
may-come-in = { $names } can join again
# A line of the list of bans. $number: its number. $ban: a sentence from below. $name: who is banned.
ban-listed = { $number } { $ban } (/unban { $name })
# A ban. $name: who is banned. $count: the days that are left.
banned-days = { $count ->
    [one] { $name } is banned for 1 day
   *[other] { $name } is banned for { $count } days
}
# A ban. $name: who is banned. $count: the hours that are left.
banned-hours = { $count ->
    [one] { $name } is banned for 1 hour
   *[other] { $name } is banned for { $count } hours
}
# A ban. $name: who is banned. $count: the minutes that are left.
banned-minutes = { $count ->
    [one] { $name } is banned for 1 minute
   *[other] { $name } is banned for { $count } minutes
}
