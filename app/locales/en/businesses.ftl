# The businesses someone belongs to.

businesses-title = Your businesses
businesses-headline = { $count ->
    [one] You belong to one business.
    [2] You belong to two businesses.
    [3] You belong to three businesses.
   *[other] You belong to { $count } businesses.
  }
businesses-here = you are here
businesses-switch = Go to { $name }
businesses-new = Begin another business
businesses-new-lead = It has promises, people and a record of its own. You are its owner.
