# The help for a command's argument.

# A speed.
argument-rate = a speed is between 0.25 and 4
# The title of a room. $most: how long it can be.
argument-title = a title has 1 to { $most } characters
# A chapter.
argument-chapter = a chapter is +1, -1, its number or a part of its title
# A member.
argument-member = the name of somebody who is here
# A ban.
argument-ban = the name of somebody who is banned, or their number in the list

# Why an argument is refused. $text: the argument.

# It should be a time.
no-time = "{ $text }" is not a time
# It should be a speed.
no-rate = "{ $text }" is not a speed
# It should be a title.
no-title = "{ $text }" is not a title
# It should be a chapter.
no-chapter = "{ $text }" is not a chapter
# It should be the name of a member.
no-name = "{ $text }" is not a name
# It should be a word of a list. $choices: the list.
no-choice = "{ $text }" is not one of { $choices }
# It should be another text.
no-words = "{ $text }" is not allowed here
# It should turn something on or off.
no-switch = "{ $text }" is neither on nor off
