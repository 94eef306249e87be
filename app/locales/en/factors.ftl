# The second step at signing in.

factors-title = Two-step verification
factors-headline-on = Your account is protected by two steps.
factors-headline-off = Only your password protects your account.
factors-headline-must = Your business requires two-step verification.
factors-lead = When you sign in, you also show something you have: your phone or a security key. Somebody who only knows your password cannot get in.
factors-account = Back to your account
factors-back = Back without setting it up
factors-app = Authenticator app
factors-app-off = Any app for one-time codes will do. It works without a signal.
factors-app-on = The app is set up. When you sign in, type the six digits it shows.
factors-app-set-up = Set up the app
factors-app-renew-ask = Move to another phone
factors-app-renew = Show a new secret
factors-app-remove-ask = Remove the app
factors-app-remove = Remove the app
factors-app-title = Set up the app
factors-app-headline = Scan this with the app.
factors-app-lead = Scan the QR code with the app, then type the six digits it shows. Nothing changes until then.
factors-app-code = The secret as a QR code for the app
factors-app-typed = Or type this into the app:
factors-app-code-hint = Six digits. They change every thirty seconds.
factors-app-confirm = Confirm the code
factors-code = Code
factors-passkeys = Passkeys
factors-passkeys-lead = Your phone, your computer or a security key signs you in with your finger, your face or a PIN. You type nothing.
factors-passkeys-script = Adding a passkey needs JavaScript, which is off in this browser.
factors-passkeys-unnamed = Passkeys need a host name, and this installation has only an IP address. Whoever runs it can give it a name.
factors-passkey-name = Name of the passkey
factors-passkey-name-hint = So that you recognise it later. For example: my phone.
factors-passkey-add = Add a passkey
factors-passkey-since = since { $since }
factors-passkey-used = used { $ago }
factors-passkey-remove-ask = Remove { $name }
factors-passkey-remove = Remove the passkey
factors-codes = Recovery codes
factors-codes-left = { $left ->
    [0] No code is left. Create new ones now, before you need one.
    [one] One code is left. Each works once, if you lose your phone or key.
   *[other] { $left } codes are left. Each works once, if you lose your phone or key.
  }
factors-codes-renew-ask = Create new codes
factors-codes-renew = Create new codes and cancel the old ones
factors-codes-title = Recovery codes
factors-codes-headline = Print these codes or write them down.
factors-codes-lead = They are shown for ten minutes, in this browser only. If you lose your phone or key, each code signs you in once.
factors-codes-saved = I have saved them

## While signing in
second-step-title = Two-step verification
second-step-code-hint = The six digits that your app shows, or one of your recovery codes.
second-step-recovery = Recovery code
second-step-recovery-hint = Six groups of four characters, from the codes you saved.
second-step-submit = Sign in
second-step-passkey = Use a passkey
second-step-help = Have you lost everything? Whoever runs this server can help you back in.

## Which roles need it
required-title = Two-step verification by role
required-headline = { $count ->
    [0] No role requires two-step verification.
    [one] One role requires two-step verification.
   *[other] { $count } roles require two-step verification.
  }
required-lead = People with these roles who have not set it up yet are asked to do so at their next click.
required-roles = Roles that require two-step verification
