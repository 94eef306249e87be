# Exporting and erasing the data of a customer.

customers-export = Hand over what is known
customers-forget = Forget this customer
customers-forget-lead = Whoever asks to be forgotten is: their name, their contact and their words go, in every recovery of theirs. You see first what goes and what stays.
customers-forget-ask = See what goes
customers-forget-whom = { $count ->
    [one] { $name }, in this recovery.
   *[other] { $name }, in all { $count } recoveries of theirs.
  }
customers-unnamed = A customer whose name is not known
customers-erased = This goes, for good
customers-erased-name = their name and their contact
customers-erased-words = what they said, what was said to them, and every other text about it that is not public
customers-erased-link = the link to the follow-up, if it was not used yet
customers-retained = This stays
customers-retained-public = what stands in public: what was mended, what was given, what we learned from it
customers-retained-counts = the promise that was broken, the steps with their times, the outcome, and that it was one and the same customer
customers-retained-record = the record, whole: it says how many texts were removed, and nothing else
customers-forget-open = A recovery that is still open goes on without them. As nobody can be asked any more, it ends with what they have answered already, or as “no answer”.
customers-forget-now = Forget them
customers-forgotten-already = This customer was forgotten already: { $at }. Nothing is left to be forgotten, and nothing was changed.
customers-someone = A customer. Those who work on the recovery see who it is.
customers-forgotten = Forgotten, { $at }
customers-retention = Customers
customers-retention-lead = So that nobody is remembered for longer than needed.
customers-forget-after = Forget customers after so many months
customers-forget-after-hint = From 1 to 120, counted from when the last recovery of theirs was closed. Their name, contact and words go; counts and record stay.
