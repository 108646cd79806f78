# Why someone cannot be made the host: they are the host. $who: that person.
host-already = { $who ->
    [you] you are already the host
   *[other] { $who } is already the host
}
