# The members of a business.

people-title = People
people-headline = { $count ->
    [one] One person has access.
   *[other] { $count } people have access.
  }
people-you = you
people-lookalike = looks like another name: { $name }
people-role = Role
people-change = Change for { $name }
people-make = Make { $role }
people-remove = Remove { $name }’s access
people-remove-means = They lose access at once, on every device. What they did stays in the record.
people-leave-ask = Leave this business
people-leave-means = You lose access at once. Somebody on the team can invite you again.
people-leave = Leave
people-owner-may = Everything, including people and settings
people-manager-may = Guarantees, places, checks and recoveries
people-staff-may = Checks and recoveries
people-auditor-may = Reads everything, changes nothing

## Grants: what somebody made that gives access
grants-title = Access given by { $name }
grants-lead = Invitations, tokens, shared devices and customer links end when { $name } is removed or gets fewer rights. To keep one, take it over: you are then responsible for it.
grants-lead-own = These invitations, tokens, shared devices and customer links end when you leave or get fewer rights. Somebody with the right to create them can take them over.
grants-nothing = Nothing gives access at present: no invitation, token, shared device or customer link.
grants-invitation = Invitation
grants-token = Token
grants-device = Shared device
grants-customer-link = Customer link
grants-since = made { $at }
grants-until = until { $until }
grants-take-over = Take over
grants-take-over-all = Take over all
grants-end = End
grants-end-all = End all
grants-count = { $count ->
    [one] One thing they created still gives access. It ends with their rights.
   *[other] { $count } things they created still give access. They end with their rights.
  }
grants-look = Review it first

## Site access
site-access-where = Sites
site-access-everywhere = All sites, including new ones
site-access-sites = Only some sites
site-access-which = Which sites?
site-access-change = Change sites
site-access-others = other sites
