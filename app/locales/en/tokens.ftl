# Tokens of programs.

tokens-title = Tokens for programs
tokens-headline = { $count ->
    [0] No program has a token.
    [one] One program has a token.
   *[other] { $count } programs have a token.
  }
tokens-lead = A token lets a program use the REST interface: a till, a sensor, a report. It may do what its role may, and it ends.
tokens-settings = Back to the settings
tokens-valid-until = good until { $until }
tokens-expired = ended { $until }
tokens-revoked = taken back
tokens-used = used { $ago }
tokens-unused = not used yet
tokens-revoke = Take back
tokens-new = Make a token
tokens-name = What is it for?
tokens-name-hint = So that you know which to take back. For example: the till at the counter.
tokens-lifetime = How long is it good?
tokens-days = { $days } days
tokens-create = Make the token
tokens-created = The token
tokens-created-headline = Give this to { $name }.
tokens-created-lead = It is shown for ten minutes, in this browser only; we store only a hash of it. Send it as "Authorization: Bearer".
tokens-back = Back to the tokens
tokens-of = The token “{ $name }”
tokens-another = Back to the tokens: take this one back and make another
