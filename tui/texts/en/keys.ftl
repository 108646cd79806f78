# The heading of an example of the key file: comments in it.
keys-file =
    # watchtogether's keys. Copy this to ~/.config/watchtogether/keys.toml and change what you like.
    # An action has a key or a list of keys: "Alt-P", ["space", "p"]; "" takes its keys away. What you bind leaves the
    # action that had the key. [chat] holds while letters are text, [keys] after Esc.
    # Alt and a letter in [chat] should be that letter in [keys]: terminals send Alt-P as Esc p.

# Mistakes in the key file, and below each what to do about it. $action, $other: actions by their names. $key: a key, as it is
# written there.

# There is no such action.
binding-unknown-action = unknown action "{ $action }"
hint-list-key-actions = see all actions with watchtogether config keys
# The text is not a key. $why: one of the sentences about keys below.
binding-key = { $action }: { $why }
# Letters are text in the table [chat].
binding-letter = { $action }: { $key } types a letter in [chat]
hint-bind-letter = use { $key }, or bind it in [keys]
# One key is bound twice. $line: the line of the other binding.
binding-twice = { $action }: { $key } is already bound to { $other } in line { $line }
hint-one-action = a key can do only one thing in each table
# A key cannot be taken away from its action.
binding-fixed = { $action }: { $key } always belongs to { $other }
hint-add-keys = you can give { $other } more keys
# Nothing would lead back to typing. $keys: the action that leads away.
binding-no-way-back = without a key for { $action } you could not type again after { $keys }
hint-bind-way-back = bind { $action } to a key in [keys]

# The text names no key.
key-unknown = unknown key "{ $key }"
hint-key-forms = write keys as Alt-P, Ctrl-G, F5, space, Shift-Left, PgUp or a letter
# Terminals send one key for another. $sent: the one that they send.
key-same = terminals send { $sent } for { $key }
hint-key-same = write { $sent }, or use another key
# Terminals do not report this modifier with this key.
key-not-sent = terminals cannot tell { $key } from the key without the modifier
hint-key-modifier = use a key without that modifier
