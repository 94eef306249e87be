# A second look at a check that ends a long streak.

second-looks-title = A second look
second-looks-headline = Please check this again.
second-looks-lead = This promise was kept { $count } times in a row here. To be sure of such a long streak, somebody else checks the last one again from time to time. It was picked at random and says nothing about the person who made the check.
second-looks-own = You made this check yourself. Somebody else has to take the second look.

## The answers
second-looks-outcome = What did you find?
second-looks-choose-agreed = As promised
second-looks-choose-agreed-hint = I checked and agree
second-looks-choose-overturned = Not as promised
second-looks-choose-overturned-hint = the check is corrected publicly, and a recovery opens
second-looks-choose-too-late = I cannot tell
second-looks-choose-too-late-hint = too much time has passed to know how it was
second-looks-if-overturned = If it was not as promised
second-looks-why = What did you see?
second-looks-save = Save second look

## What came of it
second-looks-agreed = Somebody else checked again and agreed.
second-looks-overturned = Somebody else checked again, and it was not as promised: see the correction.
second-looks-too-late = Somebody else was asked to check again, but it was too late to tell.
second-looks-corrected = The check was corrected before anybody checked it again. It needs no second look.
