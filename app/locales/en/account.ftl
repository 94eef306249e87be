# The account page.

account-title = Your account
account-headline = { $name }, this is your account.
account-sessions = { $count ->
    [one] You are signed in on one device
   *[other] You are signed in on { $count } devices
  }
account-sessions-lead = Is there one you do not know? End it, then change your password.
account-device-unknown = A device that says nothing of itself
account-this-device = this one
account-used = since { $since }, used { $ago }
account-end = End
account-password = Change the password
account-password-lead = You stay signed in here; everywhere else you are signed out.
account-current = The password as it is now
account-new = The new password
account-change = Change it
account-data = What is kept about you
account-data-lead = Your profile, where you are let in, where you are signed in, and what you did, with its time. No password and no key is in it.
account-data-download = Download what is kept about me
reset-title = Set a new password
reset-lead = For { $email }. When it is set, every device is signed out, and you sign in with the new one.
reset-invalid = This link has been used or has run out. Ask whoever runs this server for a new one.
account-factors = Set up the second step
account-factors-on = At signing in you also show something you have.
account-factors-off = At signing in your password is enough. A second step keeps out whoever only learns it.
account-pin-title = PIN for shared devices
account-pin-on = You have one: at a shared device you pick your name and type it.
account-pin-off = With a PIN you log checks at the shared tablet as yourself.
account-pin = PIN
account-pin-hint = Six digits, not in a row and not all the same.
account-pin-set = Set the PIN
