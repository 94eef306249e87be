# Recoveries: the list, and the steps of one recovery.

recoveries-title = Recoveries
recoveries-number = No. { $number }

## The list
recoveries-headline-open = { $count ->
    [0] No recovery is open.
    [1] One recovery is open.
    [2] Two recoveries are open.
    [3] Three recoveries are open.
    [4] Four recoveries are open.
    [5] Five recoveries are open.
   *[other] { $count } recoveries are open.
  }
recoveries-headline-ours = { $count ->
    [0] None of them waits for us.
    [1] One of them waits for us.
    [2] Two of them wait for us.
    [3] Three of them wait for us.
   *[other] { $count } of them wait for us.
  }
recoveries-headline-late = { $count ->
    [1] One of them is late.
    [2] Two of them are late.
    [3] Three of them are late.
   *[other] { $count } of them are late.
  }
recoveries-show = Show
recoveries-show-all = All
recoveries-show-open = Open
recoveries-show-late = Late
recoveries-show-closed = Closed
recoveries-more = More open recoveries
recoveries-older = Closed earlier
recoveries-first = Back to the start
recoveries-open = Open, most urgent first
recoveries-closed = Closed
recoveries-none-open = Nothing is open. Every broken promise has been followed to its end.
recoveries-none-late = None of these was late.
recoveries-none-closed = None has been closed yet.
recoveries-was-late = We missed a deadline of ours
recoveries-all = All { $count }

## Headlines
recoveries-not-kept = Not as promised: “{ $criterion }”
recoveries-for-safety = Broken on purpose, to stay safe.
recoveries-other = Something was not as promised.

## Stages and how it ended
recoveries-stage-opened = opened, nobody has it yet
recoveries-stage-acknowledged = acknowledged
recoveries-stage-understood = understood
recoveries-stage-remedied = remedied
recoveries-stage-following-up = following up
recoveries-outcome-restored = closed, trust restored
recoveries-outcome-restored-by-record = closed, restored by the record
recoveries-outcome-partly = closed, partly restored
recoveries-outcome-not-restored = closed, not restored
recoveries-outcome-no-answer = closed, no answer

recoveries-check-corrected = The check was corrected since and now says “{ $verdict }”. The break stays in public, struck through, and this recovery still has to be closed. The reason given:
recoveries-case-opened = Nobody has answered for it yet.
recoveries-case-reopened = It was reopened, and nobody has taken it on again yet.
recoveries-case-question = A question is with the customer. Our deadlines wait for the reply.
recoveries-case-update = We promised the customer an update. Tell them how things stand.
recoveries-case-acknowledged = It is acknowledged. Now understand what happened.
recoveries-case-understood = We know what happened. Now make it right.
recoveries-case-remedied = The remedy is given. Whether it is right again we do not know yet.
recoveries-case-following-up = We did our part and wait for the answer that counts.
recoveries-case-lesson = It is closed once we write down what we learn from it.
recoveries-case-link-ended = The customer cannot answer: their link has ended.
recoveries-case-silent = No answer has come.
recoveries-case-watched = We did our part. No customer is known, so the checks at the place are counted.
recoveries-case-restored = The customer says that it is fixed and gives us another chance.
recoveries-case-restored-by-record = No customer is known. So many checks in a row were kept that the record speaks for trust.
recoveries-case-partly = The customer says that it is only partly right.
recoveries-case-not-restored = The customer says that it is not fixed.
recoveries-case-no-answer = The customer did not answer. That is not a success, and it is counted apart.

## The steps
recoveries-steps = The steps of this recovery
recoveries-step-acknowledge = Acknowledge
recoveries-step-acknowledged = Acknowledged
recoveries-step-understand = Understand
recoveries-step-understood = Understood
recoveries-step-solve = Solve
recoveries-step-solved = Solved
recoveries-step-follow-up = Follow up
recoveries-step-followed-up = Followed up
recoveries-step-close = Close
recoveries-step-closed = Closed

recoveries-back = ‹ Recoveries
recoveries-beside = Beside it
recoveries-read-only = You can read this. Taking a step takes the role of staff, manager or owner.
recoveries-typed = What you typed, so that it is not lost
recoveries-say = Say
recoveries-not = Not
recoveries-yes = Yes
recoveries-no = No
recoveries-public = Shown in public. No names.
recoveries-inside = For us, not for the public.
recoveries-personal = Personal: kept apart from the record, never shown in public.

## What happened
recoveries-what-happened = What happened
recoveries-known = Known since
recoveries-found-by-us = { $at }, found by us
recoveries-found-by-customer = { $at }, a customer told us
recoveries-note = Note
recoveries-customer = Customer
recoveries-same-person = The same person, in other recoveries:
recoveries-words = In their words
recoveries-sought = They would call fair
recoveries-promised = We promised
recoveries-promised-remedy = If we do not keep it
recoveries-promised-late = And because we were late
recoveries-version = Judged by version { $version } of the wording, which does not change any more.

## Tiers
recoveries-tier = Why we recommend this response
recoveries-tier-plain = The remedy and an honest word will do.
recoveries-tier-raised = The remedy alone will not do: add something beyond it, and one person stays with it.
recoveries-tier-grave = An apology alone will not do: the owner calls, today.
recoveries-severity-minor = Small: annoying, soon forgotten
recoveries-severity-major = Large: it cost time, money or nerves
recoveries-severity-life-event = It cost something that does not come back
recoveries-because-repeated = We failed the same customer before.
recoveries-because-first = We know of no earlier failure with this customer.
recoveries-because-similar = { $count ->
    [0] Nothing similar broke here in the 30 days before.
    [one] Something similar broke here once in the 30 days before.
   *[other] Something similar broke here { $count } times in the 30 days before.
  }
recoveries-because-preventable = We could have prevented it.
recoveries-because-unforeseeable = We could not have foreseen it.
recoveries-paradox-holds = A good recovery can win trust back beyond where it was, but only when it was the first, small, unforeseeable failure. This one is.
recoveries-paradox-fails = A good recovery can win trust back beyond where it was only when it was the first, small, unforeseeable failure. This one is not: here we can at best get back to where we were, and it takes more than usual.

## Deadlines
recoveries-clocks = Our deadlines
recoveries-clocks-how = They run in the opening hours and wait while a question is with the customer. A missed one is logged in public.
recoveries-clock-acknowledge = acknowledge
recoveries-clock-next-update = next update
recoveries-clock-remedy = remedy
recoveries-clock-follow-up = follow up
recoveries-due = Deadline to { $clock }: { $at }
recoveries-left = { $span } left
recoveries-late-by = late by { $span }
recoveries-one-day = {"{}"} day
recoveries-seconds = { $count } s
recoveries-with-customer = waiting for the customer
recoveries-no-deadline = no deadline: no opening hours are set

## Whose turn it is
recoveries-turn-ours = waiting for us
recoveries-turn-customer = waiting for the customer
recoveries-turn-record = waiting for kept checks
recoveries-met = met, { $at }
recoveries-met-late = met late, { $at }
recoveries-not-needed = no longer needed

## The timeline
recoveries-so-far = So far
recoveries-did-find = Found by us
recoveries-did-hear = A customer told us
recoveries-did-acknowledge = Acknowledged
recoveries-did-understand = Understood
recoveries-did-update = Customer told how things stand
recoveries-did-ask = Question put to the customer; our clocks wait
recoveries-did-reply = The customer replied
recoveries-did-remedy = Remedy given
recoveries-did-follow-up = Follow-up sent to the customer
recoveries-did-watch = The record is watched
recoveries-did-answer = The customer answered
recoveries-did-restore-by-record = { $kept ->
    [one] { $kept } kept check in a row: the record has spoken
   *[other] { $kept } kept checks in a row: the record has spoken
  }
recoveries-did-hear-nothing = No answer from the customer
recoveries-did-learn = Written down for the future
recoveries-did-reopen = Opened again
recoveries-did-miss = We missed our deadline: { $clock }
recoveries-by-former = someone who is no longer here
recoveries-by-program = a program
recoveries-by-customer = the customer
recoveries-next-by = Next word by { $at }
recoveries-assigned-to = { $name } has it from here
recoveries-beyond = Beyond it: { $gesture }
recoveries-cost-was = Cost: { $cost }
recoveries-fixed-yes = It is fixed.
recoveries-fixed-partly = It is partly fixed.
recoveries-fixed-no = It is not fixed.
recoveries-again-yes = They give us another chance.
recoveries-again-no = They do not give us another chance.

## What is needed to close
recoveries-to-close = Three things before it can close
recoveries-answer-customer = The customer: is it right again?
recoveries-answer-record = The record: is it kept again?
recoveries-answer-process = The process: why did it happen, and what removes the cause?
recoveries-answer-employee = The employee: heard, thanked, supported?
recoveries-given = answered
recoveries-missing = still open
recoveries-watched = { $kept } of { $needed } kept checks in a row. When all are kept, trust counts as restored by the record. A break starts the count again.

## Acknowledge
recoveries-do-acknowledge = Answer for it yourself
recoveries-say-acknowledge = “I am sorry. This was our mistake. I will see that it is put right, and you hear from me by four.”
recoveries-not-acknowledge = “I am sorry you feel that way.” · “My manager will get back to you.”
recoveries-owner = Who owns this?
recoveries-owner-hint = One person stays with it until it is closed.
recoveries-who = Who was failed?
recoveries-who-hint = Only if they told us. If no customer knows of it, leave it empty: kept checks at the place then decide.
recoveries-customer-name = Name
recoveries-customer-contact = Phone or e-mail
recoveries-customer-contact-hint = Personal too. By the same contact we notice if we fail someone twice.
recoveries-apology = What did you say to them?
recoveries-apology-hint = Regret, an explanation if there is one, and “I”.
recoveries-apology-hint-unknown = Needed when a customer is named above. Regret, an explanation if there is one, and “I”.
recoveries-responsibility = It takes responsibility: our mistake, no excuse
recoveries-repair = It offers to put it right
recoveries-next-update = When do they hear from us next, at the latest?
recoveries-next-update-hint = Better late and kept than early and broken.
recoveries-acknowledge = It is acknowledged

## Understand
recoveries-do-understand = Listen, then read it back
recoveries-say-understand = “Tell me what happened. … Have I got that right? What would you call fair?”
recoveries-not-understand = “That cannot be.” · “You should have told us at once.”
recoveries-in-words = What happened, in the customer’s words
recoveries-in-our-words = What happened
recoveries-words-hint = For us, not for the public. Read back until they say yes.
recoveries-fair = What would they call fair?
recoveries-fair-hint = Ask it just like that. Often it is less than you fear.
recoveries-severity = How hard did it hit?
recoveries-preventable = Could we have prevented it?
recoveries-cause-so-far = The cause, as far as known
recoveries-cause-so-far-hint = For us, not for the public. What, not who.
recoveries-understand = Save what happened

## Solve
recoveries-do-remedy = Make it right, then one step further
recoveries-asked-for = They asked for:
recoveries-we-promised = We promised:
recoveries-and-late = And because we were late:
recoveries-say-remedy = “I am giving you what we promised, now. And I would like to add …”
recoveries-not-remedy = “Our policy is …” · “I will ask my manager.”
recoveries-correction = What repairs it now?
recoveries-remedy = What did they get?
recoveries-gesture = And beyond it?
recoveries-gesture-hint = Small, personal, fitting. Not shown in public.
recoveries-proactive = We offered it before anyone asked
recoveries-cost = What did it cost ({ $currency })?
recoveries-cost-hint = If known, remedy and gesture together. Not shown in public.
recoveries-received = When was it received?
recoveries-received-hint = Leave it empty for right now.
recoveries-give = Record remedy

## Follow up
recoveries-do-ask = Ask whether it is right again
recoveries-say-follow-up = “Yesterday we put it right. Is it? And would you give us another chance?”
recoveries-not-follow-up = “We take it that this is settled.”
recoveries-ask-lead = A day or two after the remedy. We make a private link for the customer; only they can answer it, and only once.
recoveries-make-link = Make the link
recoveries-do-watch = Watch the record
recoveries-watch-lead = { $count ->
    [one] Nobody is known who could be asked. { $count } kept check at this place speaks instead.
   *[other] Nobody is known who could be asked. { $count } kept checks in a row at this place speak instead.
  }
recoveries-watch = Watch the record from here
recoveries-waits = It waits
recoveries-turn-ours-title = It is our turn
recoveries-wait-customer = The link is with the customer. Only they can say that trust is restored.
recoveries-wait-lesson = That answer is in. To close it, write down below what we learn from it.
recoveries-do-forgotten = Nobody can be asked any more
recoveries-forgotten-lead = The customer is forgotten. It is noted as “no answer”, never as a success.
recoveries-wait-forgotten = The customer is forgotten: no answer can come any more. Note it below; it counts as “no answer”.
recoveries-link-title = Send this link to the customer
recoveries-link-to = For
recoveries-link = Private link
recoveries-link-hint = Tap into it to select it all, then copy it.
recoveries-link-once = It is shown for ten minutes, in this browser only, and is not stored in readable form. Copy it before you leave this page.
recoveries-link-customer-only = Nobody on the team can answer it. The first answer counts.
recoveries-link-done = It is sent, go on
recoveries-link-not-shown = The customer’s link
recoveries-link-back = Back to the recovery
recoveries-do-new-link = Make a new link for the customer
recoveries-new-link-lead = If the link was lost or never sent, make a new one. The old link stops working.
recoveries-link-ended-lead = The customer’s link has ended: whoever made it may not send such links any more, or ended it. Until you make a new one and send it, the customer cannot answer.

## Write it down
recoveries-do-learn = Write it down for the future
recoveries-say-learn = “What made this possible, and what takes that away? Thank you for telling. How was it for you?”
recoveries-not-learn = “Who did this?” · “It will not happen again.”
recoveries-cause = Why did it happen?
recoveries-action = What removes the cause?
recoveries-why-none = If nothing does: why not?
recoveries-why-none-hint = Needed only where no cause is removed.
recoveries-employee = The employee it happened to
recoveries-heard = was heard: how it came about, what stood in the way
recoveries-thanked = was thanked for saying so
recoveries-supported = got the support they needed
recoveries-learn = Save lesson

## What else can be done
recoveries-do-update = Tell the customer how things stand
recoveries-told = What did you tell them?
recoveries-told-hint = For us, not for the public. Also say if there is nothing new.
recoveries-update = They were told
recoveries-question-lead = Do you need something from the customer to go on? While the question is with them our clocks wait.
recoveries-question = A question is with the customer
recoveries-replied-lead = A question is with the customer. Our clocks wait.
recoveries-replied = The customer replied
recoveries-do-no-answer = The customer does not answer
recoveries-no-answer-lead = Seven days after the link was sent, silence may be noted. It counts as “no answer”, never as a success.
recoveries-no-answer = Note: no answer
recoveries-do-reopen = It is not over: open it again
recoveries-reopen-lead = Everything so far stays. The steps and the clocks begin again.
recoveries-reopen-why = Why?
recoveries-reopen = Open it again
