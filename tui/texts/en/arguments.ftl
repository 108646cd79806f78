# How the argument of a command is written. These are shown after “hint: ” or above the input line.

# For a speed.
argument-rate = a speed is between 0.25 and 4
# For the title of a room. $most: the maximum number of characters.
argument-title = a title has 1 to { $most } characters
# For a chapter.
argument-chapter = a chapter is +1, -1, its number or a part of its title
# For a member.
argument-member = the name of someone in the room
# For a ban.
argument-ban = the name of someone who is banned, or their number in the list

# Why an argument is refused. $text is the argument.

# A time was expected.
no-time = "{ $text }" is not a time
# A speed was expected.
no-rate = "{ $text }" is not a speed
# A title was expected.
no-title = "{ $text }" is not a title
# A chapter was expected.
no-chapter = "{ $text }" is not a chapter
# The name of a member was expected.
no-name = "{ $text }" is not a name
# One of several words was expected. $choices: these words.
no-choice = "{ $text }" is not one of { $choices }
# Any other text was expected.
no-words = "{ $text }" is not allowed here
# “on” or “off” was expected.
no-switch = "{ $text }" is neither on nor off
