# Sites and places.

places-title = Places
places-headline = { $sites ->
    [0] Where do customers meet your promise?
   *[other] { $places ->
        [0] No place yet
        [one] One place
       *[other] { $places } places
      } at { $sites ->
        [one] one site
       *[other] { $sites } sites
      }.
  }
places-lead = Each place has a code of its own: on its label, and to be typed where a camera fails.
places-lead-none = Begin with a site: a shop, a stop, a branch. Then name the places in it where a promise is checked.
places-lead-sites = Now name the places in it: the spots where your people look whether the promise is kept.
places-none-here = No place here yet.
places-never-checked = Never checked
places-last-check = Last check { $ago }
places-code = Code:
places-check = Check
places-check-at = Check { $place }
places-new = Add a place
places-site = Site
places-choose-site = Choose a site
places-name = Name of the place
places-new-hint = As your people call it. For example: Restrooms, left. Or: Liniment shelf.
places-add = Add the place
places-new-site = Add a site
places-site-name = Name of the site
places-new-site-hint = For example: Tulsa, I-44. Or: the online shop.
places-add-site = Add the site

## Tags
sites-tags = Tags
sites-tags-why = One tag for everyone: those who work here get the check screen, customers the promise. Scanning is no permission.
sites-print = Print all tags
sites-tags-title = Tags of { $site }
sites-tags-lead = Print this page on A4 or Letter paper and cut along the lines.
sites-tag-customers = Scan to see the promise and whether it is kept.
sites-tag-staff = Staff: scan, or type the code.
sites-relabel = New code
sites-relabel-of = New code for { $place }
sites-relabel-what = For a tag that was lost or copied. The old tag opens nothing from then on: print the new one.
sites-relabel-do = Give it a new code
sites-more = Tags, closures, time
places-replaced-title = This tag was replaced
places-replaced-customer = It opens nothing any more. Look for the new tag at the same place, or ask anyone who works here.
places-replaced-lead = { $place } at { $site } has a new code. Look for the new tag there, or open the place from the list.
