# Schedules and closures.

schedules-title = Check schedule
schedules-lead = In each window somebody checks, or the public page says that nobody did. Promise only as many checks as you can make.
schedules-rhythm = How often
schedules-every = At regular intervals
schedules-at = At set times
schedules-none = No schedule: log checks any time
schedules-minutes = Minutes between checks
schedules-minutes-hint = From 5 to 1440.
schedules-within = Hours of the day
schedules-within-hint = In the site’s own time, as in 06:00-22:00. 00:00-24:00 is all day.
schedules-times = Times
schedules-times-hint = In the site’s own time, separated by commas: 09:00, 13:30. 00:00 is the end of the day.
schedules-lead-time = How early a check counts (minutes)
schedules-lead-time-hint = From 5 to 720. A check on the day before does not count.
schedules-days = Days of the week
schedules-grace = Late checks still count for (minutes)
schedules-grace-hint = From 0 to 720. After that the check is recorded as missed.
schedules-save = Save schedule
schedules-change = Set the check schedule
schedules-part = Check schedule
schedules-nothing = No schedule: checks can be logged any time, and nobody sees how many should have been made.

## A schedule as a sentence
schedules-summary-every = Every { $minutes ->
    [60] hour
   *[other] { $minutes } minutes
  }, { $within }
schedules-summary-at = At { $times }
schedules-summary-daily = { $rhythm }, every day
schedules-summary-on = { $rhythm }, on { $days }

## Closures
closures-title = Closures
closures-lead = A closure is announced in public before it begins. No checks are due while it lasts.
closures-none = No closure is planned.
closures-of = { $from } to { $until }
closures-whole-site = The whole site
closures-place = Place
closures-from = From (leave empty to start now)
closures-until = Until
closures-why = Reason
closures-why-hint = Shown in public. For example: New tiles are being laid.
closures-announce = Announce closure
closures-end = End closure now
closures-zone-hint = In the site’s own time, { $zone }.

## Time zones
sites-zone = Time zone of this site (optional)
sites-zone-hint = Only if it differs from the time zone of the business, { $zone }. For example: America/Denver.
sites-zone-save = Save time zone
