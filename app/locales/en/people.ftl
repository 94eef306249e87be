# The members of a business.

people-title = People
people-headline = { $count ->
    [one] One person is let in.
   *[other] { $count } people are let in.
  }
people-you = you
people-lookalike = looks like another name: { $name }
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

## Grants: what somebody made that gives access
grants-title = Access given by { $name }
grants-lead = Invitations, tokens, shared devices and links for customers end when { $name } is removed or may do less. To keep one, take it over: then you answer for it.
grants-lead-own = These invitations, tokens, shared devices and links for customers end when you leave or may do less. Somebody who may make such things can take them over.
grants-nothing = Nothing is in use: no invitation, no token, no shared device, no link for a customer.
grants-invitation = Invitation
grants-token = Token
grants-device = Shared device
grants-customer-link = Link for a customer
grants-since = made { $at }
grants-until = until { $until }
grants-take-over = Take over
grants-take-over-all = Take over all of it
grants-end = End
grants-end-all = End all of it
grants-count = { $count ->
    [one] One thing they made still gives access and ends with their rights.
   *[other] { $count } things they made still give access and end with their rights.
  }
grants-look = Look through it first

## Site access
site-access-where = Where?
site-access-everywhere = Everywhere, also at sites that come later
site-access-sites = Only at certain sites
site-access-which = At which sites?
site-access-change = Change where
site-access-others = other sites
