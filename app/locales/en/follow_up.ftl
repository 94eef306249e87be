# What a customer is asked after the remedy.

follow-up-title = Have we put it right?
follow-up-intro = { $name } broke a promise to you and says that it has been made good. Whether it has is for you to say, and for nobody else. It takes a minute, and this link works once.
follow-up-promise = The promise
follow-up-place = Where
follow-up-day = When
follow-up-ask = Do you have a question? { $person } answers for our promises.
follow-up-done = What we say we did
follow-up-correction = To repair it
follow-up-remedy = For you
follow-up-fixed = Is it fixed?
follow-up-yes = Yes
follow-up-partly-fixed = Partly
follow-up-no = No
follow-up-optional = If you like: four more short questions
follow-up-fair = Was the outcome fair?
follow-up-quick = Was it quick enough?
follow-up-respectful = Were you treated with respect?
follow-up-honest = Was the reason we gave honest?
follow-up-again = Would you give us another chance?
follow-up-words = In your own words (optional)
follow-up-words-hint = Only the business reads this. It never appears in public.
follow-up-send = Send my answer
follow-up-private = The public sees only how it ended: restored, partly restored or not restored. It does not see your name, your words or your single answers.

follow-up-restored = Thank you for giving us another chance
follow-up-restored-next = You said that it is fixed and that you would come again. On the public page of { $name } this will count as trust restored. There is nothing more for you to do; if it happens again, tell { $person }.
follow-up-partly = Thank you. It is not yet what it should be
follow-up-partly-next = On the public page of { $name } this will stand as partly restored, not as a success. We now see what you said, and { $person } answers for it. If we take it up again, you will hear from us, and your answer so far stays on record.
follow-up-not-restored = Thank you for saying it plainly
follow-up-not-restored-next = On the public page of { $name } this will stand as not restored, for everyone to see. We now see what you said, and { $person } answers for it. If we take it up again, you will hear from us, and your answer so far stays on record.

follow-up-closed = This link is no longer open
follow-up-closed-why = Either it was answered already, and each link takes one answer, or it was ended: the question was closed, a new link takes its place, or the person who sent it no longer works on it. Nothing was changed just now. If you still have something to say, ask us for a new link.
follow-up-contact = If you still want to tell us something, ask for { $person }, who answers for our promises.
follow-up-unknown = This link leads nowhere
follow-up-unknown-why = Nothing stands behind it. Perhaps part of the address was lost when it was copied: please open the whole link from the message you were sent.
follow-up-wait = { $seconds ->
    [one] Your answer is kept in this page. Wait { $seconds } second, then send it from here.
   *[other] Your answer is kept in this page. Wait { $seconds } seconds, then send it from here.
  }
