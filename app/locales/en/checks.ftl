# The check screen, the list of checks, and corrections.

checks-title = Checks
checks-today = ‹ Today
checks-others = Other promises here
checks-which = What do you want to check here?
checks-nothing-here = No promise is checked at this place right now.
checks-read-only = You can read this. Logging a check takes the role of staff, manager or owner.

checks-last = Last look: { $verdict }, { $ago }
checks-never = Nobody has looked yet.

## The answers
checks-kept = Kept
checks-kept-more = everything as promised
checks-broken = Broken
checks-broken-more = say what, we start to mend it
checks-could-not = Could not check
checks-for-safety = Broken to stay safe
checks-back = ‹ Back to the question

checks-what-broke = What was not as promised?
checks-reason = What was it?
checks-reason-safety = Broken on purpose, to stay safe
checks-reason-other = Something else
checks-reason-earlier = A line of an earlier wording
checks-found-by = Who saw it first?
checks-found-by-us = We did
checks-found-by-customer = A customer told us
checks-obstacle = What stood in the way?
checks-obstacle-hint = Only if something did. The owner reads it; it is never held against you.
checks-obstacle-none = Nothing, or I do not know
checks-obstacle-tools = Tools or equipment
checks-obstacle-policy = A rule of ours
checks-obstacle-staffing = Too few people
checks-obstacle-training = Nobody showed us how
checks-obstacle-supplier = A supplier
checks-obstacle-other-department = Another department
checks-note = A note, if it helps
checks-note-hint = For us, not for the public. No names.
checks-log-broken = Log as broken

checks-safety-title = Keeping people safe comes first.
checks-safety-lead = You broke the promise on purpose so that nobody came to harm. That is the right thing to do, and it is logged as just that.
checks-safety-note = What was the danger, if you want to say
checks-log-safety = Log as broken to stay safe

checks-not-applicable-title = It could not be checked.
checks-not-applicable-lead = Closed, out of order, locked: then it counts neither as kept nor as broken.
checks-not-applicable-note = Why could it not be checked?
checks-log-not-applicable = Log that it could not be checked

## What becomes of an answer
checks-sending = Sending …
checks-waiting = Not stored yet: there is no good connection. Your answer is kept here and sent again by itself. Keep this page open.
checks-send-now = Send now
checks-rejected = Not stored; what you entered is still here.
checks-thanks-kept = Logged. Thank you.
checks-thanks-broken = Logged. Thank you for saying so. We have started to put it right.
checks-thanks-not-applicable = Logged: it could not be checked. Thank you.
checks-undo = Undo
checks-undone = Taken back. The tap stays in the record, struck through. How is it really?
checks-undo-reason = Tapped by mistake and taken back at once.
checks-to-recovery = Go on with the recovery
checks-thanks-obstacle = What stood in the way goes to the owner, who reads it and answers. Your name is not on it.
checks-to-board = See the answers
checks-next = Next
checks-again = Check here again
checks-to-correction = That was wrong? Correct it

## A code typed by hand
checks-code-title = Which place is it?
checks-code = Code on the label
checks-code-hint = Six characters, under the square code.
checks-code-go = Go to the check
checks-code-unknown = There is no place with this code here. Compare it with the label: O and 0, I and 1 may be mixed up.

## The list
checks-headline = { $kept } of the last { $all } checks found the promise kept.
checks-headline-older = { $kept } of these { $all } checks found the promise kept.
checks-none = Nothing has been checked yet.
checks-no-older = There are no older checks.
checks-lead = Newest first. A check is never changed or removed: a mistake is struck through, and what is right stands beside it.
checks-corrected-to = corrected to
checks-corrected-why = The reason given:
checks-correct = Correct
checks-arrived = came in later: { $at }
checks-older = Older checks
checks-newest = Back to the newest

## Correcting a check
checks-correct-title = Correct a check
checks-to-list = ‹ Checks
checks-correct-was = It says: { $verdict } ({ $at }).
checks-correct-lead = It stays in sight, struck through, with your correction and the reason beside it.
checks-correct-verdict = What is right?
checks-correct-broken-hint = this opens a recovery
checks-correct-not-applicable-hint = it could not be checked
checks-correct-taken-back-hint = a mistaken tap: what was due is due again
checks-correct-why = Why was it wrong?
checks-public-hint = Shown in public. No names.
checks-correct-note = A note
checks-correct-note-hint = For us, not for the public. Needed if it could not be checked: say why.
checks-correct-if-broken = If it was broken
checks-choose = Choose
checks-correct-save = Add the correction
checks-code-replaced = { $place } at { $site } has a new code: this one opens nothing any more.
checks-several = Several kept at once
checks-several-which = Looked at and kept
checks-several-do = Log all of these as kept
checks-several-done = { $count ->
    [one] One promise is logged as kept. Thank you.
   *[other] { $count } promises are logged as kept, each by itself. Thank you.
  }
checks-doubled = Somebody else looked at the same in the same minute: both are kept.
checks-skewed = The clock of the phone was wrong, or was changed on the way: the time is as near as we can tell.
checks-saved = Saved on this phone. It is sent by itself as soon as there is a signal; you can go on.
outbox-one = One check waits on this phone to be sent.
outbox-several = { $count } checks wait on this phone to be sent.
outbox-age = The oldest for { $count } min.
outbox-signed-out = Sign in to send what waits: nothing of it is lost.
outbox-not-a-member = It cannot be stored: nobody lets you in any longer. Tell someone inside what you saw.
outbox-of-others = Here wait { $count } by somebody else, until they sign in on this phone.
outbox-refused = Not taken: { $count }
outbox-unclaimed = Made here while nobody was signed in: { $count }. To be sent, each needs whoever made it to sign in and take it.
outbox-claim = They are mine
outbox-edit = Edit and send again
outbox-note = Note
outbox-picture = Another picture
outbox-without-picture = Send it without the picture
outbox-send-again = Send again
outbox-delete = Delete it
outbox-leave = Not sent yet: { $count }. They stay on this phone, and are sent when you sign in here again. Sign out all the same?
outbox-full = This phone has hardly any room left: free some before you log more without a signal.
checks-waits = { $verdict }, waits on this phone to be sent
signed-out-on-device = Nobody is signed in here now. You can go on tapping: it stays on this phone, and belongs to nobody until somebody signs in and takes it.
