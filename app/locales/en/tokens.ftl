# Tokens of programs.

tokens-title = API tokens
tokens-headline = { $count ->
    [0] No program has a token.
    [one] One program has a token.
   *[other] { $count } programs have a token.
  }
tokens-lead = A token lets a program use the REST API: a till, a sensor, a report. It has the rights of its role, and it expires.
tokens-settings = Back to settings
tokens-valid-until = valid until { $until }
tokens-expired = expired { $until }
tokens-revoked = revoked
tokens-used = used { $ago }
tokens-unused = not used yet
tokens-revoke = Revoke
tokens-new = Create a token
tokens-name = What is it for?
tokens-name-hint = So that you know which one to revoke. For example: the till at the counter.
tokens-lifetime = Valid for
tokens-days = { $days } days
tokens-create = Create token
tokens-created = Token
tokens-created-headline = Copy the token for { $name }.
tokens-created-lead = It is shown for ten minutes, in this browser only. We store only a hash of it. Programs send it as “Authorization: Bearer”.
tokens-back = Back to API tokens
tokens-of = Token “{ $name }”
tokens-another = Back to API tokens: revoke this one and create another
