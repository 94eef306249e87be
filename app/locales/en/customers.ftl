# Exporting and erasing the data of a customer.

customers-export = Download customer data
customers-forget = Erase customer data
customers-forget-lead = If a customer asks for it, their name, contact and words are erased in all their recoveries. You see first what is erased and what stays.
customers-forget-ask = See what is erased
customers-forget-whom = { $count ->
    [one] { $name }, in this recovery.
   *[other] { $name }, in all { $count } of their recoveries.
  }
customers-unnamed = A customer without a name
customers-erased = Erased for good
customers-erased-name = their name and their contact
customers-erased-words = what they said, what was said to them, and every other text about it that is not public
customers-erased-link = the link to the follow-up, if it has not been used yet
customers-retained = Kept
customers-retained-public = what is public: the correction, the remedy and the lesson
customers-retained-counts = the broken promise, the steps with their times, the outcome, and that it was the same customer
customers-retained-record = the whole record, which only says how many texts were removed
customers-forget-open = An open recovery continues without them. It ends with the answers they have given, or with “no answer”, because nobody can be asked any more.
customers-forget-now = Erase for good
customers-forgotten-already = The data of this customer was erased already: { $at }. Nothing was changed.
customers-someone = A customer. People who work on the recovery see who it is.
customers-forgotten = Customer data erased, { $at }
customers-retention = Customer data
customers-retention-lead = Personal data is kept no longer than needed.
customers-forget-after = Erase customer data after (months)
customers-forget-after-hint = From 1 to 120, counted from when their last recovery was closed. Name, contact and words are erased; counts and record stay.
