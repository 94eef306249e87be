# Shared phones and tablets.

devices-title = Shared devices
devices-headline = { $count ->
    [0] No shared device is in use.
    [one] One shared device is in use.
   *[other] { $count } shared devices are in use.
  }
devices-lead = A tablet on the counter, a phone that goes round: people pick their name, type their PIN, and the check is theirs. A device logs checks at its site and does nothing else.
devices-people = Back to the people
devices-no-site = A device belongs to a site. Add a site first.
devices-link-open = its link waits until { $until }
devices-expired = nobody opened its link in time
devices-revoked = taken back
devices-unused = registered, not used yet
devices-used = used { $ago }
devices-revoke = Take back
devices-new = Register a device
devices-name = What do people call it?
devices-name-hint = For example: the tablet at the counter.
devices-site = At which site?
devices-create = Make the link
devices-created = The device's link
devices-created-headline = Open this on { $name }.
devices-created-lead = It is shown for ten minutes, in this browser only. Point the device's camera at the square code, or type the address. It is good for one device and one hour.
devices-back = Back to the devices
devices-of = The device “{ $name }”
devices-register-title = A shared device
devices-register-headline = Make this a device of { $business }?
devices-register-lead = It will be { $name } at { $site }, for everyone who works there.
devices-register-means = Whoever is signed in on it is signed out. From then on people pick their name here and type their PIN.
devices-register = Yes, make it a shared device
devices-register-invalid = This link has been used, has run out, or was taken back. Ask a manager for a new one.

## At the device
device-who = Who is checking?
device-nobody = Nobody here has a PIN yet. Each sets one on their own phone, under "Your account".
device-help = Your name is not here? Set a PIN on your own phone, under "Your account".
device-locked-short = locked for a while
device-locked = { $minutes ->
    [one] Five PINs were wrong. This name is locked on this device for one more minute. Nothing you logged is lost.
   *[other] Five PINs were wrong. This name is locked on this device for { $minutes } more minutes. Nothing you logged is lost.
  }
device-pin = Your PIN
device-submit = This is me
device-other-person = Somebody else
device-sign-out = { $name }: done
