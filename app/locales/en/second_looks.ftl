# A second look at a check that ends a long streak.

looks-title = A second look
looks-headline = Go and see for yourself.
looks-lead = This promise was kept { $count } times in a row here. That is good news, and it deserves to be known for sure: now and then the last of so many is looked at a second time, by somebody else. It was drawn by lot, and says nothing of whoever made the check.
looks-own = You made this check yourself. A second look is given by somebody else.

## Three honest answers
looks-outcome = What did you find?
looks-say-agreed = As promised
looks-say-agreed-hint = I looked, and agree
looks-say-overturned = Not as promised
looks-say-overturned-hint = the check is corrected in sight of all, and a recovery opens
looks-say-too-late = I cannot tell
looks-say-too-late-hint = too much time has passed to know how it was then
looks-if-overturned = If it was not as promised
looks-why = What did you see?
looks-save = Give the second look

## What came of it
looks-agreed = Somebody else looked again, and agreed.
looks-overturned = Somebody else looked again, and it was not as promised: see the correction.
looks-too-late = Somebody else was asked to look again; it was too late to tell.
looks-corrected = The check was corrected before anybody looked again. It needs no second look.
