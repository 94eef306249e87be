# The people let in.

people-title = People
people-headline = { $count ->
    [one] One person is let in.
   *[other] { $count } people are let in.
  }
people-you = you
people-alike = looks like another name: { $name }
people-role = Role
people-change = Change for { $name }
people-make = Make { $role }
people-remove = Let { $name } in no longer
people-remove-means = They are out at once, wherever they are signed in. What they did stays in the record.
people-leave-ask = Leave this business
people-leave-means = You are out at once. Someone inside can invite you again.
people-leave = Leave
people-owner-may = Everything, also people and settings
people-manager-may = Guarantees, places, checks, recoveries
people-staff-may = Checks and recoveries
people-auditor-may = Reads everything, changes nothing

## What somebody made that gives access
made-title = Access given by { $name }
made-lead = Invitations, tokens, shared devices and links for customers end when { $name } is removed or may do less. To keep one, take it over: then you answer for it.
made-lead-own = These invitations, tokens, shared devices and links for customers end when you leave or may do less. Somebody who may make such things can take them over.
made-nothing = Nothing is in use: no invitation, no token, no shared device, no link for a customer.
made-invitation = Invitation
made-token = Token
made-device = Shared device
made-customer-link = Link for a customer
made-since = made { $at }
made-until = until { $until }
made-take-over = Take over
made-take-over-all = Take over all of it
made-end = End
made-end-all = End all of it
made-count = { $count ->
    [one] One thing they made still gives access and ends with their rights.
   *[other] { $count } things they made still give access and end with their rights.
  }
made-look = Look through it first

## Where someone works
reach-where = Where?
reach-everywhere = Everywhere, also at sites that come later
reach-sites = Only at certain sites
reach-which = At which sites?
reach-change = Change where
reach-others = other sites
