# Problems, guarantees and their versions.

guarantees-title = Guarantees
guarantees-headline = { $published ->
    [0] No promise stands in public yet.
    [one] One promise stands in public.
    [2] Two promises stand in public.
    [3] Three promises stand in public.
    [4] Four promises stand in public.
    [5] Five promises stand in public.
   *[other] { $published } promises stand in public.
  }

## What to do next
guarantees-next-first = The problem is written down. Now make a promise that answers it.
guarantees-next-place = { $count ->
    [one] “{ $title }” is a draft: publish it when it has a place.
   *[other] { $count } guarantees are drafts without a place: choose where each is checked, then publish it.
  }
guarantees-next-publish = { $count ->
    [one] “{ $title }” is a draft and has its place: publish it when the words are right.
   *[other] { $count } guarantees are drafts with a place: publish each when its words are right.
  }
guarantees-next-trial = { $count ->
    [one] “{ $title }” is in trial: publish it when the checks bear it out.
   *[other] { $count } guarantees are in trial: publish each when the checks bear it out.
  }
guarantees-next-suspended = { $count ->
    [one] “{ $title }” is suspended: put it back in force, or retire it.
   *[other] { $count } guarantees are suspended: put each back in force, or retire it.
  }
guarantees-next-go = See it
guarantees-next-nothing = Nothing waits for you here.

## The empty page
guarantees-begin-title = Begin with the problem, then promise.
guarantees-begin-lead = A guarantee that matters answers something that goes wrong for customers today. It takes four short steps, and nothing is public until you publish it.
guarantees-begin-problem = The problem.
guarantees-begin-problem-how = What goes wrong, in the customer’s own words; for whom, and for whom not.
guarantees-begin-promise = The promise.
guarantees-begin-promise-how = What they will get, where and by when, so plain that anyone can see whether it was kept.
guarantees-begin-remedy = The remedy.
guarantees-begin-remedy-how = What they get when it was not kept, without an argument.
guarantees-begin-places = The places.
guarantees-begin-places-how = Where your people check it, every day.
guarantees-begin-name = In the nineteenth century J.R. Watkins moulded a trial mark into his liniment bottles: use it down to the mark, and if you are not satisfied, your money back. Everyone could see whether the promise held.
guarantees-ask-the-owner = No guarantee has been made yet. The owner or a manager does that.

## The problem
guarantees-problem = The customer’s problem
guarantees-problem-new = Write down the problem
guarantees-problem-more = Write down another problem
guarantees-problem-headline = What goes wrong for your customers?
guarantees-problem-lead = Listen before you promise: the best words are the ones a customer used. The problem stands on your public page above the promise.
guarantees-problem-words = The problem, in the customer’s words
guarantees-problem-words-hint = One or two sentences, as they would tell a friend. For example: “On a long drive with the children we never know whether the next restroom is fit to use.” Or: “I paid for a liniment that did nothing, and my money was gone.”
guarantees-problem-for-whom = For whom you solve it
guarantees-problem-for-whom-hint = For example: families on a long drive. Or: anyone who buys a bottle for the first time.
guarantees-problem-not-for-whom = For whom you do not (optional)
guarantees-problem-not-for-whom-hint = Saying no keeps the promise. For example: trucks with more than two axles, we have no room for them. Or: shops that sell the bottle on.
guarantees-problem-save = Save, and make the promise
guarantees-for-whom = For
guarantees-not-for-whom = Not for

## Making a guarantee
guarantees-new = Make a guarantee
guarantees-new-first = Make a promise that answers it
guarantees-new-more = Another promise for this problem
guarantees-new-headline = What do you promise?
guarantees-new-lead = Write as you would speak to a customer at the counter. It is saved as a draft: nobody outside sees it until you publish it.
guarantees-new-save = Save as a draft
guarantees-part-promise = The promise
guarantees-part-remedy = If it is not kept
guarantees-part-terms = How quickly you make it right
guarantees-part-terms-lead = This is the promise behind the promise. Missing it is logged in public, too.
guarantees-part-where = Where it is promised
guarantees-field-title = Name
guarantees-hint-title = A few words that fit on a sign. For example: Clean restrooms. Or: Trial mark, money back.
guarantees-field-promise = Promise
guarantees-hint-promise = What the customer gets, where and by when, in one line. For example: “A clean restroom at every stop, day and night.” Or: “Use it down to the mark; if you are not satisfied, your money back.”
guarantees-field-criteria = What “kept” looks like
guarantees-hint-criteria = One thing a line that anyone can see; three to seven are enough. For example: “Floor dry, no paper on it” and “Soap and towels at every basin”. Or: “The mark on the bottle can be read” and “Money in hand within five minutes”.
guarantees-field-mark = Mark
guarantees-label-mark = Mark, in percent
guarantees-hint-mark = How often you commit to keeping it, from 50 to 100, fixed before there are results. Above it the promise holds; below it your page says so. 95 suits restrooms that hundreds of people use; 99 suits money back.
guarantees-field-remedy = Remedy
guarantees-hint-remedy = What the customer gets, without an argument. For example: “We clean it while you wait, and your coffee is on us.” Or: “Your money back; the bottle is yours to keep.”
guarantees-field-conditions = Conditions
guarantees-label-conditions = Conditions (optional)
guarantees-hint-conditions = The fewer, the better, and no others count. For example: “One coffee a visit.” Or: “The bottle is still filled above the mark.”
guarantees-field-how-to-claim = How to claim it
guarantees-hint-how-to-claim = The easiest way you can stand behind. For example: “Tell anyone at the counter; we take your word.” Or: “Bring or send the bottle back, no receipt needed.”
guarantees-field-acknowledge = We answer within
guarantees-label-acknowledge = We answer within, in minutes
guarantees-hint-acknowledge = From the broken promise until a person answers for it by name. The clock runs only while you are open. 60 is an hour.
guarantees-field-remedy-minutes = We make it right within
guarantees-label-remedy-minutes = We make it right within, in minutes
guarantees-hint-remedy-minutes = From the broken promise until the customer has the remedy. The clock runs only while you are open. 480 is eight opening hours: a day for most shops.
guarantees-field-late-remedy = And if we are late with that
guarantees-hint-late-remedy = What comes on top when you miss your own time. For example: “A second coffee, and a call from the manager.” Or: “Another bottle, free of charge.”
guarantees-field-proof = Kept checks that restore trust
guarantees-hint-proof = When your people find it first, there is no customer to ask. Then this many kept checks in a row at the place speak instead. 5 suits most.
guarantees-slug = Public address (optional)
guarantees-slug-hint = The end of its link: small letters, digits and hyphens, as in clean-restrooms. Left empty, it is made from the name. It cannot be changed later.
guarantees-opening-time = { $span } of opening time

## Advice
guarantees-advice-title = Before it stands in public
guarantees-advice-lead = Advice, not a rule: you may save it as it is.
guarantees-advice-vague = “{ $words }” means something else to everyone. Say what the customer gets that can be seen or counted.
guarantees-advice-effort = “{ $words }” promises an effort. Promise the result.
guarantees-advice-soon = “{ $words }” is not a time. Say by when: in ten minutes, by noon.
guarantees-advice-unbounded = No number, no time and no occasion: when would a customer say that it was broken? Say what, where and by when.
guarantees-advice-unseen = “{ $words }” is a verdict. Say what anyone would see: dry, full, no stains.
guarantees-advice-too-many = More than seven lines do not fit on a phone at a glance, and go unread. Keep what customers notice.
guarantees-advice-no-room = A mark of 100 leaves no room for one bad day, and the first of them puts you below it for a month. Set one you can keep and would be proud of.
guarantees-advice-hedged = “{ $words }” leaves you a way out, and customers hear it. Say plainly what they get; conditions have a field of their own.

## One guarantee
guarantees-mark-of = Mark: { $mark }
guarantees-is-draft = A draft: nobody outside sees it, and nobody checks it yet.
guarantees-is-trial = In trial: your people check it, and nobody outside sees it.
guarantees-is-published = In force: everyone can read it, and how well it is kept.
guarantees-is-suspended = Suspended: the public page says that it is not in force for now, and no checks are taken.
guarantees-is-retired = Retired: it promises nothing any more. Its record stays in public.
guarantees-public-page = See its public page
guarantees-try = Try it in private
guarantees-try-means = Your people check it, nobody outside sees it. A good way to find out whether the mark can be kept.
guarantees-publish = Publish
guarantees-publish-means = Everyone can read it at once. From then on it stays on view, whatever happens.
guarantees-suspend = Suspend
guarantees-suspend-means = Says in public that it is not in force for now. No checks are taken until you put it back.
guarantees-resume = Put it back in force
guarantees-resume-means = Checks are taken again, and customers can count on it.
guarantees-retire = Retire
guarantees-retire-means = Ends it for good. What happened stays in the record.
guarantees-move-needs-place = It needs a place before it can be tried or in force: a promise nobody can check is none.
guarantees-move-choose-place = Choose a place
guarantees-retire-headline = Retire “{ $title }” for good?
guarantees-retire-keeps = Its results, its breaks and what was done about them stay in the record, for everyone to read. It cannot be brought back; you can make a new one.
guarantees-retire-yes = Yes, retire it
guarantees-retire-no = No, keep it

## Where
guarantees-places = Places
guarantees-places-hint = Tick every place where a customer can count on it, and where your people will look.
guarantees-places-none = There are no places yet. A draft can wait for them.
guarantees-places-add = Add places
guarantees-places-save = Save the places
guarantees-promised-nowhere = promised nowhere yet
guarantees-promised-elsewhere = promised at none of your sites
guarantees-promised-at = { $places ->
    [one] { $places } place
   *[other] { $places } places
  } at { $sites ->
    [one] { $sites } site
   *[other] { $sites } sites
  }

## Versions
guarantees-versions = Version history
guarantees-version = Version { $number }
guarantees-version-since = since { $moment }
guarantees-version-first = The first wording.
guarantees-before = Before:
guarantees-after = After:
guarantees-wording = New wording
guarantees-wording-headline = New words for “{ $title }”
guarantees-wording-version = Saving makes version { $number }. Every result so far keeps the words it was judged by.
guarantees-wording-public = It is public at once, with the difference shown.
guarantees-wording-save = Save the new wording
guarantees-wording-publish = Publish the new wording
