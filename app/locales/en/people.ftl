# The people let in.

people-title = People
people-headline = { $count ->
    [one] One person is let in.
   *[other] { $count } people are let in.
  }
people-add = Let someone in
people-name = Name
people-email = E-mail
people-password = First password
people-password-hint = At least 12 characters. Tell it to them in person.
people-role = Role
people-owner-may = Everything, also people and settings
people-manager-may = Guarantees, places, checks, recoveries
people-staff-may = Checks and recoveries
people-auditor-may = Reads everything, changes nothing
people-submit = Let in
