# What is wrong with a field, and what would be right. Shown beside it.

fault-missing = This is still missing. Please fill it in.
fault-too-long = { $max ->
    [one] This is too long: at most { $max } character fits.
   *[other] This is too long: at most { $max } characters fit.
  }
fault-too-short = { $min ->
    [one] This is too short: it takes at least { $min } character.
   *[other] This is too short: it takes at least { $min } characters.
  }
fault-control-character = There is an invisible control character in this. Please type the text again instead of pasting it.
fault-direction-override = There is an invisible character in this that reverses the direction of text. Please type the text again instead of pasting it.
fault-too-many-marks = There are more than { $max } accents or other marks on one letter. Please type the text again instead of pasting it.
fault-not-a-number = This is not a number. Use digits, as in 12.50.
fault-out-of-range = This must lie between { $min } and { $max }.
fault-too-many = { $max ->
    [one] There is room for { $max } entry only.
   *[other] There is room for { $max } entries only.
  }
fault-unknown-choice = This is not one of the choices. Please choose one from the list.
fault-taken = This is taken already. Please choose another.
fault-reserved = Trialmark keeps this word for itself. Please choose another.
fault-malformed = This does not have the expected form. Please compare it with the hint.
fault-in-future = This lies in the future. Please give a time that has passed.
fault-too-old = This lies too far back to be recorded.
fault-not-in-future = This time has passed. Please give a time in the future.
fault-too-far-ahead = This is more than { $max } days ahead. Please give an earlier time.
fault-not-found = There is no such entry here. Please choose one that exists.
fault-not-a-zone = This is not a time zone. Use a name such as Europe/Warsaw or America/Chicago.
fault-not-a-currency = This is not a currency code. Use three letters such as USD, EUR or PLN.
fault-not-an-email = This is not an e-mail address. One looks like name@example.com.
fault-too-common = This would be guessed: it is too close to common passwords, or to your name. Four words that have nothing to do with each other are hard to guess.
fault-guessable-pin = This would be guessed. Choose six digits that are not in a row, and not the same over and over.
fault-wrong = This is not right. Please check it and try again.
fault-needs-all-sites = Owners and auditors reach every site. Choose everywhere, or another role.
fault-never-due = This would never be due: a window must fit into the span.
fault-not-a-picture = This cannot be read as a picture. Take it again, or send a JPEG or PNG file.
fault-too-large = This picture is too large: at most 6 MB and 25 million pixels (7 million in a progressive JPEG). Take it with a lower resolution.
fault-not-after = This must be later than when it begins, and within a year of it.
