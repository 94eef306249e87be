# Schedules and closures.

schedules-title = When to look
schedules-lead = In each window somebody looks, or the public page says that nobody did. Promise to look only as often as you can.
schedules-rhythm = How often
schedules-every = Again and again
schedules-at = At certain times
schedules-none = Nothing is due: looks count when they happen
schedules-minutes = Minutes between looks
schedules-minutes-hint = From 5 to 1440.
schedules-within = From when to when
schedules-within-hint = In the site’s own time, as in 06:00-22:00. 00:00-24:00 is all day.
schedules-times = Times
schedules-times-hint = In the site’s own time, with commas between them: 09:00, 13:30. 00:00 is the end of the day.
schedules-lead-time = Minutes before the time in which a look counts for it
schedules-lead-time-hint = From 5 to 720. A look on the day before does not count.
schedules-days = On which days
schedules-grace = Minutes of grace
schedules-grace-hint = After the window a look is late, and still counts for so long. From 0 to 720.
schedules-save = Look so from now on
schedules-change = Choose when to look
schedules-part = When it is looked at
schedules-nothing = Nothing is due: looks count when they happen, and nobody sees how many should have been made.

## A schedule as a sentence
schedules-summary-every = Every { $minutes ->
    [60] hour
   *[other] { $minutes } minutes
  }, { $within }
schedules-summary-at = At { $times }
schedules-summary-daily = { $rhythm }, every day
schedules-summary-on = { $rhythm }, on { $days }

## Closures
closures-title = Closed for a while
closures-lead = Announced before it begins, in public. No window that lies in it is due.
closures-none = Nothing is closed.
closures-of = { $from } to { $until }
closures-whole-site = The whole site
closures-place = Which place
closures-from = From (empty: from now)
closures-until = Until
closures-why = Why
closures-why-hint = Stands in public. For example: New tiles are laid.
closures-announce = Announce it
closures-end = Open again now
closures-zone-hint = In the site’s own time, { $zone }.

## Time zones
sites-zone = Time zone of its own (optional)
sites-zone-hint = Where the clocks differ from those of the business, { $zone }. For example: America/Denver.
sites-zone-save = Save the time zone
