# Shared phones and tablets.

devices-title = Shared devices
devices-headline = { $count ->
    [0] No shared device is in use.
    [one] One shared device is in use.
   *[other] { $count } shared devices are in use.
  }
devices-lead = A tablet on the counter or a phone that is passed around: people pick their name, type their PIN, and the check is theirs. A device logs checks at its site and does nothing else.
devices-people = Back to people
devices-no-site = A device belongs to a site. Add a site first.
devices-link-open = link valid until { $until }
devices-expired = its link expired
devices-revoked = removed
devices-unused = registered, not used yet
devices-used = used { $ago }
devices-revoke = Remove
devices-new = Register a device
devices-name = Name of the device
devices-name-hint = For example: the tablet at the counter.
devices-site = Which site?
devices-create = Create registration link
devices-created = Registration link
devices-created-headline = Open this on { $name }.
devices-created-lead = The link is shown for ten minutes, in this browser only. Scan the QR code with the device, or type the address. It works for one device and for one hour.
devices-back = Back to shared devices
devices-of = The device “{ $name }”
devices-register-title = A shared device
devices-register-headline = Make this a shared device of { $business }?
devices-register-lead = It will be called { $name } and belong to { $site }, for everyone who works there.
devices-register-means = Anyone signed in on it is signed out. From then on, people pick their name here and type their PIN.
devices-register = Register this device
devices-register-invalid = This link has been used, has expired or was withdrawn. Ask a manager for a new one.

## At the device
device-who = Who is checking?
device-nobody = Nobody here has a PIN yet. People set it on their own phone, under “Your account”.
device-help = Your name is missing? Set a PIN on your own phone, under “Your account”.
device-locked-short = locked for now
device-locked = { $minutes ->
    [one] Five wrong PINs: this name is locked on this device for one more minute. Nothing you logged is lost.
   *[other] Five wrong PINs: this name is locked on this device for { $minutes } more minutes. Nothing you logged is lost.
  }
device-pin = Your PIN
device-submit = Continue
device-other-person = Somebody else
device-sign-out = Sign out { $name }
