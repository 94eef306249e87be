# Where a promise stands, by rule.

status-never-checked = Nobody has checked this promise yet, so nobody can say that it is kept.
status-not-checked-lately = Nobody has checked this promise in the last 30 days. The last check was on { $day }.
status-did-not-apply = In the last 30 days the promise did not apply whenever somebody looked.
status-none-made = { $whole ->
    [one] One check was due in the last 30 days, and it was not made.
   *[other] { $whole } checks were due in the last 30 days, and none was made.
  }
status-few-kept = { $whole ->
    [one] Kept in { $part } of { $whole } check: too few to rate.
   *[other] Kept in { $part } of { $whole } checks: too few to rate.
  }
status-few-strict = { $whole ->
    [one] Found kept in { $part } of { $whole } check due: too few to rate.
   *[other] Found kept in { $part } of { $whole } checks due: too few to rate.
  }
status-holds-kept = The promise holds: kept { $level } of the time, with the mark at { $mark }.
status-holds-strict = The promise holds: found kept at { $level } of the checks due, with the mark at { $mark }.
status-below-kept = Below the mark: kept { $level } of the time, and we committed to { $mark }.
status-below-strict = Below the mark: found kept at { $level } of the checks due, and we committed to { $mark }.
status-retired = This guarantee is retired: it is no longer given.
status-mark = The mark is { $mark }.
