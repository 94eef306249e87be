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
places-at-title = This tag is for the people who work here
places-at-lead = Sign in, and you can say what you found at this place.
places-at-customer = Are you a customer? You need no account: tell anyone who works here what you found.
