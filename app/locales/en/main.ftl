# Words of the whole product. The space between a number and its unit does not break (U+00A0).

app-name = Trialmark
skip-to-content = Skip to the content
language = Language

nav-label = Main
nav-today = Today
nav-recoveries = Recoveries
nav-obstacles = Obstacles
nav-guarantees = Guarantees
nav-places = Places
nav-people = People
nav-settings = Settings
nav-public-page = Public page
nav-sign-out = Sign out
nav-account = Your account
nav-businesses = Your businesses

action-save = Save
action-cancel = Cancel
action-start = Go to the start

verdict-kept = kept
verdict-broken = broken
verdict-missed = missed
verdict-not-applicable = not applicable
verdict-void = void: another check stands instead
verdict-taken-back = taken back: nobody had looked

stage-draft = draft
stage-trial = in trial
stage-published = published
stage-suspended = suspended
stage-retired = retired

role-owner = Owner
role-manager = Manager
role-staff = Staff
role-auditor = Auditor

## A form that was not accepted
form-rejected = { $count ->
    [one] Not saved yet. One field needs another look; what you typed is still here.
   *[other] Not saved yet. { $count } fields need another look; what you typed is still here.
  }
form-refused = Not saved: the rules do not allow it now. What you typed is still here.
form-stale = Not saved: somebody has changed this meanwhile. What you typed is still here, and nothing was overwritten.
form-current-value = It now says: { $stands }
form-current-value-empty = It now says nothing.
form-too-many = Not now: this was tried too often in a short time. What you typed is still here.
form-wait = { $seconds ->
    [one] Wait { $seconds } second, then send it again.
   *[other] Wait { $seconds } seconds, then send it again.
  }

## Rules that do not allow a step
refused-guarantee-move = This step does not fit a guarantee in the state “{ $stage }”.
refused-stale = It stands otherwise than when you opened this page. Look at what stands now; if you save again, yours replaces it.
refused-unchanged = The wording is the same as before, so there is nothing to make a new version of.
refused-retired = This guarantee is retired. It takes no new wording.
refused-no-place = Nobody could check this guarantee yet. Add a place first.
refused-not-checked = No checks are taken for a guarantee in the state “{ $stage }”.
refused-not-here = This guarantee is not checked at this place.
refused-id-in-use = Another check is already stored under the same number. That one stands; this one was not stored.
refused-check-unchanged = The check says this already, so there is nothing to correct.
refused-check-no-photos = No picture may come with this. Log it without one.
refused-check-same-photo = This picture is here already, with another check. Take a new one.
refused-check-not-yours = Somebody else made this check. It is kept on this phone until they sign in here and send it.
refused-check-missed = Nobody checked in time, and that stays in the record. Log what you see now.
refused-check-void = Another check stands instead of this one: it was made in time and arrived late, or was made in the same window. Correct that one.
refused-check-taken-back = This check was taken back, so it says nothing any more. Log a new one.
refused-check-broken-stays = A broken promise cannot be taken back. Say what was found instead.
refused-check-stands-instead = Another check was taken back because this one stands in the same window. Say what was found instead.
refused-recovery-move = This step does not fit a recovery in the state “{ $stage }”.
refused-not-the-customer = Only the customer can answer this. Send them the link.
refused-nobody-to-ask = No customer is known here who could be asked.
refused-ask-the-customer = The customer is known, so the record cannot speak for them. Ask them.
refused-forgotten = The customer is forgotten, so nobody can be asked and nothing speaks for them. It ends with what they have answered already, or as “no answer”.
refused-too-little-record = { $needed ->
    [one] The record may speak after { $needed } kept check in a row; so far there are { $kept }.
   *[other] The record may speak after { $needed } kept checks in a row; so far there are { $kept }.
  }
refused-still-time = The customer has until { $until } to answer.
refused-link-ended = The customer’s link has ended, so they cannot answer. Make a new one and send it: they have a week from then.
refused-answered-already = This has been answered already. The first answer stands.
refused-nothing-asked = There is no open question here.
refused-no-apology = An apology to a customer takes responsibility and offers repair. Please add what is missing.
refused-role-too-high = The role “{ $role }” is not yours to give or to take. Ask an owner.
refused-site-access-too-wide = This reaches further than you do. Ask someone who reaches everything.
refused-last-owner = A business needs an owner. Make someone else owner first.
refused-already-a-member = This account is let in already.
refused-invite-invalid = This invitation has been used, taken back, or has run out.
refused-role-unchanged = It is so already, so there is nothing to change.
refused-obstacle-left = The check has been corrected since, so this obstacle is no longer listed. It needs no answer.
refused-own-check = You made this check yourself. A second look is given by somebody else.
refused-second-look-given = This second look is over: what came of it stands.

## Error pages: what happened, what was kept, what to do
not-found-title = There is nothing at this address
not-found-happened = The page was never here, or it is not yours to see.
not-found-kept = Nothing was changed.
not-found-next = Check the address, or go back to the start.

gone-title = This business is no longer here
gone-happened = Its owner has deleted it, with everything in it.
gone-kept = What you just sent was not stored.
gone-next = If you belong to another business here, sign in again and go on there.

forbidden-title = Your role does not allow this
forbidden-happened = You are signed in, but this needs another role.
forbidden-kept = Nothing was changed.
forbidden-next = Ask the owner to do it, or to change your role.
no-business-title = No business lets you in
no-business-happened = This is your password, and nobody here lets you in, or nobody does any longer.
no-business-kept = Whatever you logged before stays as it is.
no-business-next = Ask whoever let you in.

signed-out-title = You are not signed in
signed-out-happened = You have not signed in yet, or it was too long ago.
signed-out-kept = Nothing was changed.
signed-out-next = Sign in, and you come back to the same page. What you typed is there again, unless scripts are off in your browser.

conflict-title = This has changed in the meantime
conflict-happened = Someone was here before you, or you in another window, and what you sent no longer fits.
conflict-kept = What was stored before stands unchanged. What you just sent was not stored.
conflict-next = Go back, load the page again and see how things stand now.

too-many-title = Too many tries
too-many-happened = This was tried too often in a short time, from where you are or by many at once.
too-many-kept = Everything stored before is as it was. What you just sent was not stored.
too-many-next = { $seconds ->
    [one] Wait { $seconds } second, then go back and send it again.
   *[other] Wait { $seconds } seconds, then go back and send it again.
  }

unavailable-title = The records cannot be reached right now
unavailable-happened = The database is busy, full or gone. We keep trying.
unavailable-kept = Everything confirmed before is safe. What you just sent was not stored.
unavailable-next = Wait a moment, then send it again.

internal-title = Something failed on our side
internal-happened = It was nothing you did. The cause is written down for those who run this server.
internal-kept = Everything confirmed before is safe. What you just sent may not have been stored.
internal-next = Go back and look before you send it again. If it keeps failing, tell the owner.

## Requests that the server refuses before a page is asked
refusal-cross-site-title = This form came from another site
refusal-cross-site-detail = Nothing was stored. Open Trialmark itself and fill in the form there.
refusal-too-large-title = This is too large
refusal-too-large-detail = Nothing was stored. At most { $megabytes } MB can be sent at once; make it smaller and send it again.
refusal-too-slow-title = This took too long
refusal-too-slow-detail = The answer was given up after 30 seconds. Wait a minute, look whether it was stored, and try again.
refusal-broken-title = The server made a mistake
refusal-broken-detail = What you sent may not have been stored. Go back, check, and try again.

## The last days
days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
  }
days-today = today
days-kept = kept
days-broken = broken
days-missed = missed
days-none = nothing due
days-as-table = The same days as a table
days-day = Day

## Time
span-moment = less than a minute
span-minutes = { $first } min
span-hours = { $first } h
span-hours-minutes = { $first } h { $second } min
span-days = { $first ->
    [one] { $first } day
   *[other] { $first } days
  }
span-days-hours = { $first ->
    [one] { $first } day
   *[other] { $first } days
  } { $second } h
ago-moment = just now
ago = { $span } ago
date-day = { $day } { $month } { $year }
date-weekday = { $weekday } { $day } { $month }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

## Secrets that are shown once
secret-copy = Copy
secret-copied = Copied.
secret-qr-code = The link as a square code, for a phone's camera
secret-no-longer-shown = It was shown once, to whoever made it. We store only a fingerprint of it, so we cannot show it again.
secret-renew-lead = You can make a new link. The old one stops working at once.
secret-renew = Make a new link

## Drafts
forms-restored = What you typed here is back. It is not saved yet.
forms-discard = Discard it

## Pages of a long list
list-older = Older
list-newest = Back to the newest
pages-label = Parts of this list
pages-shown = { $from } to { $to } of { $all }
pages-previous = Previous
pages-next = Next
