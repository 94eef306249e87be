# Invitations.

## Inside
invites-new = Invite someone
invites-lead = They get a private link, good for one person and seven days. They choose their own password.
invites-name = Whom is it for?
invites-name-hint = So that you know who has come in. For example: Sam, night shift.
invites-create = Make the link
invites-created = The invitation
invites-created-headline = Send this to { $name }.
invites-created-lead = It is shown for ten minutes, in this browser only. Send it by message, or let them point their phone at the square code. It lets one person in, and ends after seven days.
invites-back = Back to the people
invites-of = The invitation for { $name }
invites-title = Invitations
invites-open = open until { $until }
invites-used = used
invites-revoked = taken back
invites-expired = has run out
invites-revoke = Take back

## The page of the link
join-title = Join { $business }
join-headline = { $business } lets you in.
join-role = Your role: { $role }.
join-used = But this invitation has been used. If that was not you, tell whoever sent it.
join-invalid = But this invitation is over. Ask whoever sent it for a new one.
join-as = Join as { $name }
join-name = Your name
join-name-hint = As the people you work with know you. Customers never see it.
join-email-hint = What you sign in with. Customers never see it.
join-submit = Join
join-existing-account = Have you ever signed in here? Sign in to join, and keep one account.
join-by-signing-in = Sign in to join { $business } with the account you have.
join-wrong = With this e-mail and password you cannot join. If you have signed in here before, use the password you had then, or ask for a link to set a new one.
