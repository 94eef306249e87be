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

## Where someone works
reach-where = Where?
reach-everywhere = Everywhere, also at sites that come later
reach-sites = Only at certain sites
reach-which = At which sites?
reach-change = Change where
reach-others = other sites
