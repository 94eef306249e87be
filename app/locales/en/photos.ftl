# Pictures: whether checks come with one, what kept looks like, and taking one.

photos-title = Pictures
photos-part = Pictures
photos-change = Choose
photos-lead = A picture shows what words cannot. It is seen by those inside who read checks, never by the public. Where it was taken, and with what, is removed.
photos-with-checks = Does a check come with a picture?
photos-required = Always, kept or broken
photos-required-hint = Nobody is asked for one where it was broken to keep people safe.
photos-on-break = When it is broken
photos-on-break-hint = Needed with what is broken; none with what is kept.
photos-optional = If whoever looks wants to
photos-optional-hint = Nobody has to.
photos-forbidden = Never
photos-forbidden-hint = Right where people undress, wash or are ill. None is taken, sent or stored.
photos-save = Save

photos-examples = What kept looks like
photos-examples-lead = A picture of each place as it should be, shown to whoever checks it. Take it when nobody is there.
photos-examples-count = { $count ->
    [0] No place shows yet what kept looks like.
    [one] One place shows what kept looks like.
   *[other] { $count } places show what kept looks like.
  }
photos-example-take = Picture of { $place }
photos-example-hint = JPEG or PNG, at most 6 MB.
photos-example-save = Show it
photos-example-remove = Show none
photos-example-of = { $place }, as it should be
photos-example = This is what kept looks like here.

photos-take = Take a picture
photos-needed = Needed with this.
photos-welcome = If it helps. No people in it.
photos-kept-here = The picture you took is here and comes with it.
photos-unreadable = The picture cannot be read on this phone. Take it again.
photos-look = Picture
