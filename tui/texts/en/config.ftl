### Mistakes in the configuration, each on a line below config-mistakes. $place is a line of a file, or a variable.

config-mistake = { $place }: { $what }
config-mistake-with-hint = { $place }: { $what } ({ $hint })
config-not-utf8 = this is not UTF-8 text
config-file-unreadable = cannot read the file: { $cause }
config-unknown-key = unknown key "{ $key }"
config-unknown-variable = unknown variable
config-outside-tables = { $key } is not in a table
# $why is one of the messages below.
config-value = { $key }: { $why }
config-not-plain = this must be 1 or 0, not "{ $text }"
config-not-keys = { $action }: a key or a list of keys is needed

### What to do about them, in brackets after them.

config-hint-keys = the keys are { $keys }
config-hint-server-keys = watchtogether config show --server lists all keys
config-hint-tables = the tables are { $tables }
config-hint-not-keys = such as "Alt-P" or ["space", "p"], or "" for none

### Why a value is not valid. $found is the form that it has, $text is what was written.

config-wants-text = { $found ->
    [list] this must be text, not a list
    [switch] this must be text, not true or false
    [fraction] this must be text, not a fraction
    [date] this must be text, not a date
    [table] this must be text, not a table
   *[text] this must be other text
}
config-wants-switch = { $found ->
    [list] this must be true or false, not a list
    [fraction] this must be true or false, not a fraction
    [date] this must be true or false, not a date
    [table] this must be true or false, not a table
   *[text] this must be true or false, not text
}
config-wants-list = { $found ->
    [switch] this must be a list such as ["…", "…"], not true or false
    [fraction] this must be a list such as ["…", "…"], not a fraction
    [date] this must be a list such as ["…", "…"], not a date
    [table] this must be a list such as ["…", "…"], not a table
   *[text] this must be a list such as ["…", "…"], not text
}
config-not-a-word = "{ $text }" is not one of { $words }
config-not-a-switch = this must be true or false, not "{ $text }"
config-not-a-listen-address = "{ $text }" is not an address with a port, such as [::]:7843 or 0.0.0.0:7843
config-not-a-port = "{ $text }" is not a UDP port, a number from 0 to 65535
config-not-a-time = "{ $text }" is not a time such as 90, "90s", "2m" or "1h"
config-too-long = { $text } is longer than a day, the longest time allowed
config-no-interval = 0 is not an interval: use "off", or a time such as "5m"
config-no-command = the command is empty
config-not-an-mpv-option = "{ $text }" is not an mpv option: write KEY=VALUE
config-no-home = "{ $text }" begins with ~, but HOME is not set
config-relative-folder = "{ $text }" is not a full path: begin it with / or ~/

### Mistakes in the limits of a server, after their keys. $value, $bound, $least and $most are values with units.

limit-unreadable = { $kind ->
    [time] "{ $text }" is not a time
    [size] "{ $text }" is not a number of bytes
    [budget] "{ $text }" is not a budget
   *[count] "{ $text }" is not a whole number
}
limit-out-of-range = { $value } is out of range
# $other is the key of another limit, $bound its value.
limit-contradiction = { $relation ->
    [longer] { $value } is longer than { $other }, { $bound }
    [not-shorter] { $value } is not shorter than { $other }, { $bound }
    [larger] { $value } is larger than { $other }, { $bound }
   *[more] { $value } is more than { $other }, { $bound }
}
limit-hint-example = { $kind ->
    [time] such as 90, "250ms", "2m", "1h" or "7d"
    [size] such as 65536, "64KiB" or "1MiB"
    [budget] such as "5/1s": five at once, then one a second
   *[count] such as 500
}
limit-hint-range = from { $least } to { $most }
# $key is the key of the limit itself.
limit-hint-contradiction = raise { $other }, or lower { $key }
