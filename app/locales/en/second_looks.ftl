# A second look at a check that ends a long streak.

second-looks-title = A second look
second-looks-headline = Go and see for yourself.
second-looks-lead = This promise was kept { $count } times in a row here. That is good news, and it deserves to be known for sure: now and then the last of so many is looked at a second time, by somebody else. It was drawn by lot, and says nothing of whoever made the check.
second-looks-own = You made this check yourself. A second look is given by somebody else.

## The answers
second-looks-outcome = What did you find?
second-looks-choose-agreed = As promised
second-looks-choose-agreed-hint = I looked, and agree
second-looks-choose-overturned = Not as promised
second-looks-choose-overturned-hint = the check is corrected in sight of all, and a recovery opens
second-looks-choose-too-late = I cannot tell
second-looks-choose-too-late-hint = too much time has passed to know how it was then
second-looks-if-overturned = If it was not as promised
second-looks-why = What did you see?
second-looks-save = Give the second look

## What came of it
second-looks-agreed = Somebody else looked again, and agreed.
second-looks-overturned = Somebody else looked again, and it was not as promised: see the correction.
second-looks-too-late = Somebody else was asked to look again; it was too late to tell.
second-looks-corrected = The check was corrected before anybody looked again. It needs no second look.
