# Why the room is not handed over to the host. $who: a person.
host-already = { $who ->
    [you] you are already the host
   *[other] { $who } is already the host
}
