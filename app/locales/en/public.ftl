# What customers read on the public pages. The business speaks: "we" is the business.

public-nothing = There is no page at this address
public-nothing-known = No business keeps a public record here under this name. Please check the address.
public-nothing-promised = { $name } has no public guarantee at this address. What was published once stays on view, so the address may be misspelt.

## The charter
public-charter = What { $name } promises
public-no-promise = { $name } has not published a promise yet.
public-count-below = { $count ->
    [one] One promise is below its mark.
   *[other] { $count } promises are below their marks.
  }
public-count-holds = { $count ->
    [one] One promise holds: it is kept at its mark or above.
   *[other] { $count } promises hold: they are kept at their marks or above.
  }
public-count-unchecked = { $count ->
    [one] One promise has not been checked in the last 30 days: nobody can say whether it is kept.
   *[other] { $count } promises have not been checked in the last 30 days: nobody can say whether they are kept.
  }
public-count-never-checked = { $count ->
    [one] One promise has not been checked yet.
   *[other] { $count } promises have not been checked yet.
  }
public-count-too-few = { $count ->
    [one] One promise cannot be rated yet: it has too few checks.
   *[other] { $count } promises cannot be rated yet: they have too few checks.
  }
public-count-suspended = { $count ->
    [one] One promise is suspended.
   *[other] { $count } promises are suspended.
  }
public-count-retired = { $count ->
    [one] One promise is retired.
   *[other] { $count } promises are retired.
  }

## Where a promise stands
public-bottle = Level { $level }, mark at { $mark }
public-bottle-unknown = No level, mark at { $mark }
public-mark = mark at { $mark }
public-strict-30 = strict kept rate, last 30 days
public-kept-30 = kept rate, last 30 days
public-formula-strict = kept when due ÷ checks due = { $part } ÷ { $whole }
public-formula-kept = kept ÷ (kept + broken) = { $part } ÷ { $whole }
public-last-check = last check: { $when }
public-never-checked = never checked yet
public-days = The last 90 days: { $kept } kept, { $broken } broken, { $missed } due and not checked.

## One guarantee
public-label = We guarantee
public-label-suspended = Suspended
public-label-retired = Retired
public-suspended = This guarantee is suspended: it is not in force for now.
public-stays-on-view = What was promised, and what came of it, stays on view.
public-to-claim = How to claim
public-to-method = How we check
public-problem = The problem we solve
public-for = For
public-not-for = Not for
public-remedy = If we break it
public-claim = How to claim
public-late-remedy = If we are late with that
public-terms = We answer within { $answer } and make it good within { $remedy }, counted in our opening hours.
public-conditions = Conditions
public-criteria = What “kept” looks like
public-places = Where we promise it

## The figures
public-figures = The last 30 days in figures
public-unknown = unknown
public-too-few = too few to rate
public-figure-unknown = kept rate: nobody has checked
public-figure-too-few = kept rate: { $part } of { $whole } kept; a rate takes 10 checks
public-figure-kept = kept rate: kept ÷ (kept + broken) = { $part } ÷ { $whole }
public-figure-interval = where the true kept rate probably lies (95 % Wilson interval)
public-figure-coverage = coverage: checks made ÷ checks due = { $part } ÷ { $whole }
public-figure-strict = strict kept rate: kept when due ÷ checks due = { $part } ÷ { $whole }
public-nothing-due = Nothing was due by a schedule in these days, so there is no coverage and no strict kept rate to give.

## Broken promises
public-breaks = When we broke it, and what we did
public-no-break = No broken promise is on record.
public-no-break-unchecked = No broken promise is on record. Nobody has checked yet, so that says nothing.
public-of = { $part } of { $whole }
public-figure-first = found by us first: found by staff ÷ all breaks = { $percent }
public-figure-restored = trust restored, in the customer’s own word: restored ÷ closed = { $percent }
public-figure-late = where we missed a deadline of our own: late ÷ all breaks = { $percent }
public-outcome-restored = trust restored
public-restored-by-record = restored by the record
public-partly = partly restored
public-not-restored = not restored
public-no-answer = no answer
public-still-open = still open
public-stage-opened = open: not acknowledged yet
public-stage-acknowledged = open: acknowledged
public-stage-understood = open: understood
public-stage-remedied = made good, follow-up to come
public-stage-following-up = made good, trust not yet known
public-broken = Not kept:
public-broken-safety = Broken on purpose, to keep someone safe
public-broken-other = Broken for another reason
public-found-by-staff = found by us
public-found-by-customer = told to us by a customer
public-acknowledged = acknowledged after { $span }
public-not-acknowledged = not acknowledged yet
public-remedied = made good after { $span }
public-next-update = next update by { $when }
public-judged-by = judged by version { $version } of the wording
public-was-late = We were late: a deadline of our own passed before we met it.
public-was-corrected = Corrected since: the check now says otherwise. The original stays here, struck through.
public-corrected-why = The reason given:
public-did-correction = What we did at once
public-did-remedy = What the customer was given
public-did-cause = Why it happened
public-did-action = What we changed so that it stays away
public-earlier-breaks = { $count ->
    [one] The one before that
   *[other] The { $count } before that
  }
public-more-breaks = The last { $shown } of { $all } are shown. The record holds them all.

## The wording and its versions
public-versions = The wording, and how it changed
public-version-now = This is version { $version }, in force since { $day }. Every check is judged by the version of its day.
public-versions-open = { $count ->
    [one] The only version
   *[other] All { $count } versions, with what changed
  }
public-version = Version { $version }, { $day }
public-version-first = The first version.
public-field-title = Title
public-field-promise = Promise
public-field-mark = Mark
public-field-acknowledge = We answer within
public-field-make-good = We make it good within
public-field-proof = Kept checks in a row that speak for restored trust

## The method
public-method = How we check, and how the numbers are made
public-method-who = People who work here look at each place and log on the spot whether the criteria above are met: kept or broken. What a customer tells us counts as well. Every broken promise opens a recovery, which we follow until the customer says that trust is restored, or that it is not.
public-method-proof = { $proof ->
    [one] Where no customer can be known, a kept check at that place speaks instead; that is counted apart.
   *[other] Where no customer can be known, { $proof } kept checks in a row at that place speak instead; that is counted apart.
  }
public-method-unknown = Unknown stays unknown. A check that was due and not made is shown as not checked; it never counts as kept. What nobody has checked has no rate.
public-method-days = A day is a calendar day here ({ $zone }). The headline, the level in the bottle, is that of the last 30 days.
public-method-corrections = Nothing is edited or deleted. A mistake is mended by adding a correction with its reason.
public-corrections = { $count ->
    [0] There has been no correction so far.
    [one] There has been one correction so far.
   *[other] There have been { $count } corrections so far.
  }
public-formulas = The formulas
public-kept-rate = Kept rate
public-kept-rate-is = kept ÷ (kept + broken). Checks that did not apply are left out. Below 10 checks: too few to rate.
public-interval = Interval
public-interval-is = Wilson, 95 %: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n), with p the kept rate, n = kept + broken, z = 1.96.
public-coverage = Coverage
public-coverage-is = checks made ÷ checks due.
public-strict = Strict kept rate
public-strict-is = found kept when due ÷ checks due. A check that nobody made weighs as much as a broken promise.
public-level = Level
public-level-is = the strict kept rate where the promise has a schedule, the kept rate where it has none. Which of the two stands beside it.
public-first = Found by us first
public-first-is = breaks found by staff ÷ all breaks.
public-restored = Trust restored
public-restored-is = recoveries that the customer called restored ÷ all closed recoveries. No answer is not a success.
public-record = The record
public-record-kept = { $count ->
    [one] { $name } keeps this record itself: it has { $count } entry.
   *[other] { $name } keeps this record itself: it has { $count } entries.
  } They form a chain that ends in a seal: whoever notes the seal today can tell later whether anything before it was changed.
public-to-record = See the record, and how to check it

## The foot of each page
public-answers = { $person } answers for these promises.
public-kept-by = { $count ->
    [0] { $name } keeps this record itself. It has no entry yet.
    [one] { $name } keeps this record itself. It has { $count } entry, sealed so that a later change shows.
   *[other] { $name } keeps this record itself. It has { $count } entries, sealed one upon the other so that a later change shows.
  }
public-see-record = See the record
public-work-here = Do you work here?

## The record
public-record-of = The record of { $name }
public-record-headline = { $count ->
    [0] The record of { $name } has no entry yet.
    [one] The record of { $name } has { $count } entry.
   *[other] The record of { $name } has { $count } entries.
  }
public-record-is = Each time something is published, checked, broken, made good or corrected, one entry is added here. Nothing is ever edited or taken out. The business keeps this record itself. It cannot prove that every check was honest; but whoever notes the seal below can prove later whether anything before it was rewritten.
public-head = The last seal
public-head-is = Each entry is sealed with a hash over its content and the seal before it. So this one number stands for the whole record: write it down today, and any later change to what came before will show.
public-download = Download the whole record
public-last-entries = The last entries
public-entry = entry { $number } · { $when }
public-entry-kept = Checked and kept: { $title }
public-entry-broken = Checked and broken: { $title }
public-entry-missed = Due and not checked: { $title }
public-entry-not-applicable = Looked at, and it did not apply: { $title }
public-entry-corrected-kept = Corrected: a check now says kept
public-entry-corrected-broken = Corrected: a check now says broken
public-entry-corrected-not-applicable = Corrected: a check now says that it did not apply
public-entry-corrected-missed = Taken back: nobody had looked, so the check counts as missed
public-entry-taken-back = Taken back: a check was logged by mistake, and nobody had looked
public-entry-void = Taken back: nobody had looked, and another check in the same window stands instead
public-entry-break = A promise was broken, and its recovery began: { $title }
public-entry-version = Version { $version } of the wording: { $title }
public-entry-publish = Published: { $title }
public-entry-suspend = Suspended: { $title }
public-entry-resume = In force again: { $title }
public-entry-retire = Retired: { $title }
public-entry-acknowledged = A recovery was acknowledged
public-entry-understood = In a recovery, it was understood what happened
public-entry-updated = In a recovery, the customer was told how things stand
public-entry-asked = In a recovery, a question went to the customer
public-entry-replied = In a recovery, the customer replied
public-entry-remedied = In a recovery, it was made good
public-entry-follow-up = In a recovery, the customer was asked whether trust is restored
public-entry-watched = In a recovery without a known customer, the record is watched
public-entry-answered = In a recovery, the customer answered
public-entry-restored-by-record = In a recovery, a row of kept checks spoke for trust
public-entry-no-answer = In a recovery, the customer did not answer in time
public-entry-learned = In a recovery, cause and corrective action were written down
public-entry-reopened = A recovery was opened again
public-entry-late = In a recovery, we missed a deadline of our own
public-entry-closed-restored = A recovery closed: trust restored
public-entry-closed-by-record = A recovery closed: restored by the record
public-entry-closed-partly = A recovery closed: partly restored
public-entry-closed-not-restored = A recovery closed: not restored
public-entry-closed-no-answer = A recovery closed: no answer
public-entry-redaction = { $count ->
    [one] { $count } private text was removed to protect a person
   *[other] { $count } private texts were removed to protect a person
  }
public-entry-other = An entry of another kind: { $kind }
public-verify = Check it yourself
public-verify-line = The file has one JSON object a line, oldest first. Each has a number (seq), a time (at), a kind, a body, the hash of the line before (prev; 64 zeros in the first) and its own hash. Texts that are public stand beside it (texts), each with its salt.
public-verify-hash = To recompute a hash, take the line without hash and texts, sort its keys, leave out all white space, and take SHA-256 of what is left. For the last line, with tools that most computers have:
public-verify-chain = The result must be the line’s own hash. If each line’s prev is the hash of the line before, and the last hash is the seal above, then nothing was changed, added between or taken out.
public-verify-texts = A text enters a body only as a commitment: SHA-256 of its salt (as bytes) followed by the text. So a text with personal data can be removed later without breaking the chain.
public-verify-command = Whoever runs the record can check all of it with one command:
public-entry-arrived = A check made in time arrived late from a phone: it stands instead of the miss.
public-entry-scheduled = { $title }: decided when it is looked at
public-entry-unscheduled = { $title }: decided that it is no longer looked at by a schedule
public-entry-closure = Announced that something is closed for a while, and why
public-entry-open-again = Open again before the announced time
public-entry-absence = Trialmark itself was not running for a while: what was missed then, nobody could have logged here
public-entry-business = Time zone, currency and opening hours of the business, from here on
public-entry-site = A site, and the time zone it goes by, from here on
public-entry-places = { $title }: the places where it is promised, from here on
public-entry-seal = Sealed: which days the checks before this entry count on, and what they come to
public-looked-at-some = at { $places } of { $all } places
public-looked-at = What nobody looked at in time is shown as missed.
