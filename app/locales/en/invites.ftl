# Invitations.

## Inside
invites-new = Invite someone
invites-lead = They get a private link for one person, valid for seven days. They choose their own password.
invites-name = Who is this for?
invites-name-hint = So that you know whose invitation it is. For example: Sam, night shift.
invites-create = Create invitation link
invites-created = Invitation
invites-created-headline = Send this to { $name }.
invites-created-lead = The link is shown for ten minutes, in this browser only. Send it in a message, or let them scan the QR code with their phone. It works for one person and for seven days.
invites-back = Back to people
invites-of = Invitation for { $name }
invites-title = Invitations
invites-open = valid until { $until }
invites-used = used
invites-revoked = withdrawn
invites-expired = expired
invites-revoke = Withdraw

## The page of the link
join-title = Join { $business }
join-headline = You’re invited to join { $business }.
join-role = Your role: { $role }.
join-used = But this invitation has been used already. If that was not you, tell whoever sent it.
join-invalid = But this invitation is no longer valid. Ask whoever sent it for a new one.
join-as = Join as { $name }
join-name = Your name
join-name-hint = The name your colleagues know you by. Customers never see it.
join-email-hint = What you sign in with. Customers never see it.
join-submit = Join
join-existing-account = Have you signed in here before? Sign in to join with the same account.
join-by-signing-in = Sign in to join { $business } with your account.
join-wrong = You cannot join with this e-mail and password. If you have signed in here before, use that password, or ask for a link to set a new one.
