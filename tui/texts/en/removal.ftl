# What is done with somebody: take their seat away.
kick = remove them
# What is done with somebody: take their seat away and keep them out.
ban = ban them
# Why the session of somebody is over who may not come in again.
host-banned-you = the host banned you
# There is no ban.
nobody-banned = nobody is banned
