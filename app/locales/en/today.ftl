# The board, and the list of today.s checks.

today-title = Today
today-rounds = To check

## Progress
today-nothing = There is nothing to check yet.
today-all-done = Every promise has been checked today. Thank you.
today-left = { $all ->
    [1] Nobody has checked the promise today.
   *[other] { $left ->
        [1] One
        [2] Two
        [3] Three
        [4] Four
        [5] Five
       *[other] { $left }
      } of { $all } promises { $left ->
        [one] has
       *[other] have
      } not been checked today.
  }
today-code-unknown = This phone does not know this code. Scan it or type it again when you have a signal.
today-checks = Latest checks

## The state of the promises
today-no-promises = Nothing is promised in public yet.
today-none-in-force = No promise is in force.
today-below = { $count ->
    [1] One promise is below its mark.
    [2] Two promises are below their mark.
    [3] Three promises are below their mark.
    [4] Four promises are below their mark.
    [5] Five promises are below their mark.
   *[other] { $count } promises are below their mark.
  }
today-unknown = { $count ->
    [1] One promise has not been checked for thirty days.
    [2] Two promises have not been checked for thirty days.
   *[other] { $count } promises have not been checked for thirty days.
  }
today-never-checked = { $count ->
    [1] One promise has not been checked yet.
    [2] Two promises have not been checked yet.
   *[other] { $count } promises have not been checked yet.
  }
today-too-few = { $count ->
    [1] One promise has too few checks to be rated.
    [2] Two promises have too few checks to be rated.
   *[other] { $count } promises have too few checks to be rated.
  }
today-holds = { $count ->
    [1] The promise holds.
    [2] Both promises hold.
    [3] All three promises hold.
    [4] All four promises hold.
    [5] All five promises hold.
   *[other] All { $count } promises hold.
  }
today-waiting = { $count ->
    [0] Nobody is waiting for us.
    [1] One recovery is waiting for us.
    [2] Two recoveries are waiting for us.
    [3] Three recoveries are waiting for us.
    [4] Four recoveries are waiting for us.
    [5] Five recoveries are waiting for us.
   *[other] { $count } recoveries are waiting for us.
  }
today-late = { $count ->
    [1] One of them is late.
    [2] Two of them are late.
    [3] Three of them are late.
   *[other] { $count } of them are late.
  }
today-level-above = above its mark, { $mark }
today-level-below = below its mark, { $mark }
today-basis-strict = kept of all checks due, 30 days
today-basis-kept = kept of all checks made, 30 days
today-trials = Also in trial, checked in private: { $titles }.

## Open recoveries
today-urgent = Most urgent recoveries
today-nobody-waits = No recovery is open.

## Obstacles and second looks
today-obstacles = { $count ->
    [1] One obstacle waits for your answer.
    [2] Two obstacles wait for your answer.
    [3] Three obstacles wait for your answer.
    [4] Four obstacles wait for your answer.
    [5] Five obstacles wait for your answer.
    [1000] A thousand or more obstacles wait for your answer.
   *[other] { $count } obstacles wait for your answer.
  }
today-second-looks = Please double-check
today-second-look = Kept { $count } times in a row at { $place }. Please check again.

## Figures
today-figures = Figures
today-of = { $part } of { $whole }
today-found = broken promises found by us first
today-coverage = of the checks due were made, 30 days
today-made = checks made in 30 days

## What is due by a schedule
today-due = Due now
today-due-next = Next
today-due-by = Due by { $at }
today-late-until = Late, still counts until { $at }
today-opens = From { $at }
today-nothing-due = Nothing is due now. Thank you.
today-due-now = { $count ->
    [one] One check is due.
   *[other] { $count } checks are due.
  }
today-to-check = { $count ->
    [one] One check is due now.
   *[other] { $count } checks are due now.
  }
today-unsent = There is no network: nothing was sent. What you typed is still on the page before this one.
