# What somebody who reads by lines is told behind another's act.
type-to-undo = Type /undo to revert.
