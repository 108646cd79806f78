# In the menu of a member: removes them.
kick = remove them
# In the menu of a member: removes them and keeps them out.
ban = ban them
# Why the session is over, for the user who was banned.
host-banned-you = the host banned you
# The answer to /bans if there are none.
nobody-banned = nobody is banned
# The question before a member is removed. $name: the member.
kick-title = Remove { $name }?
# Below it. $name: the member.
kick-question = { $name } will be removed, but can join again with the invite.
# The answer that does it. $name: the member.
kick-person = remove { $name }
# The question before a member is banned. $name: the member.
ban-title = Ban { $name }?
# Below it. $name: the member.
ban-question = { $name } will be removed and kept out for 7 days, also under a similar name. Their network will be kept out for 24 hours, unless it is yours too. Use /unban to lift the ban.
# The answer that does it. $name: the member.
ban-person = ban { $name }
# The question before a member is made the host. $name: the new host.
hand-over-title = Make { $name } the host?
# Below it. $name: the new host.
hand-over-question = { $name } will control playback, and you will be a viewer.
# Nobody with that name is banned. $name: the name.
nobody-banned-called = nobody called { $name } is banned
# Bans were lifted. $names: the people who were banned.
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
