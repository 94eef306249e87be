# The account page.

account-title = Your account
account-headline = { $name }, this is your account.
account-sessions = { $count ->
    [one] You are signed in on one device
   *[other] You are signed in on { $count } devices
  }
account-sessions-lead = Is there a device you do not recognise? Sign it out, then change your password.
account-device-unknown = Unknown device
account-this-device = this device
account-used = since { $since }, last used { $ago }
account-end = Sign out
account-password = Change password
account-password-lead = You stay signed in here and are signed out everywhere else.
account-current = Current password
account-new = New password
account-change = Change password
account-data = Your data
account-data-lead = Your profile, the businesses you have access to, where you are signed in, and what you did, with the time. Passwords and keys are not included.
account-data-download = Download my data
reset-title = Set a new password
reset-lead = For { $email }. Every device is signed out, and you sign in with the new password.
reset-invalid = This link has been used or has expired. Ask whoever runs this server for a new one.
account-factors = Set up two-step verification
account-factors-on = When you sign in, you also show something you have.
account-factors-off = Your password is all you need to sign in. Two-step verification keeps out anyone who only knows your password.
account-pin-title = PIN for shared devices
account-pin-on = You have a PIN: on a shared device, pick your name and type it.
account-pin-off = With a PIN you log checks on the shared tablet under your own name.
account-pin = PIN
account-pin-hint = Six digits, not in sequence and not all the same.
account-pin-set = Save PIN
