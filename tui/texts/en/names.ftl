# Why the room is not handed over to the host. $who: a person.
host-already = { $who ->
    [you] you are the host already
   *[other] { $who } is the host already
}
