# The second step at signing in.

factors-title = Second step
factors-headline-on = Your password alone opens nothing.
factors-headline-off = Your password alone opens everything that is yours.
factors-headline-must = Your business asks for a second step before you go on.
factors-lead = At signing in you then also show something you have: your phone, or a key. Who only learns your password stays outside.
factors-account = Back to your account
factors-back = Back, without setting it up
factors-app = An app that shows codes
factors-app-off = Any app for one-time codes will do. It works without signal.
factors-app-on = It is set up: at signing in you type the six digits that it shows.
factors-app-set-up = Set it up
factors-app-renew-ask = Move to another phone
factors-app-renew = Show a new secret
factors-app-remove-ask = Do without the app
factors-app-remove = Give up the app
factors-app-title = Set up the app
factors-app-headline = Show this to the app.
factors-app-lead = Let the app scan the square code, then type the six digits that it shows. Until then nothing changes.
factors-app-code = The secret as a square code, for the app
factors-app-typed = Or type this into the app:
factors-app-code-hint = Six digits. They change every thirty seconds.
factors-app-confirm = It shows the right code
factors-code = Code
factors-passkeys = Passkeys
factors-passkeys-lead = Your phone, your computer or a key on your key ring signs for you: with a finger, a face or a PIN. With one you sign in without typing anything.
factors-passkeys-script = Adding a passkey takes JavaScript, which is off in this browser.
factors-passkeys-unnamed = Passkeys are made for a name, and this installation is reached by a number only. Whoever runs it can give it one.
factors-passkey-name = What do you call it?
factors-passkey-name-hint = So that you know it again. For example: my phone.
factors-passkey-add = Add a passkey
factors-passkey-since = since { $since }
factors-passkey-used = used { $ago }
factors-passkey-remove-ask = Give up { $name }
factors-passkey-remove = Give it up
factors-codes = Recovery codes
factors-codes-left = { $left ->
    [0] None is left. Make new ones now, before you need one.
    [one] One is left. Each is good once, when the phone or the key is lost.
   *[other] { $left } are left. Each is good once, when the phone or the key is lost.
  }
factors-codes-renew-ask = Make new ones
factors-codes-renew = Make new codes; the old ones end
factors-codes-title = Recovery codes
factors-codes-headline = Put these away on paper.
factors-codes-lead = They are shown for ten minutes, in this browser only. When the phone or the key is lost, each of them opens the door one time.
factors-codes-saved = I have put them away

## While signing in
second-step-title = The second step
second-step-code-hint = The six digits that your app shows, or one of your recovery codes.
second-step-recovery = Recovery code
second-step-recovery-hint = Six groups of four characters, from the paper you put away.
second-step-submit = Go on
second-step-passkey = Use a passkey
second-step-help = Is everything lost? Whoever runs this server can help you back in.

## Which roles need it
required-title = Who takes a second step
required-headline = { $count ->
    [0] Nobody has to take a second step.
    [one] One role takes a second step.
   *[other] { $count } roles take a second step.
  }
required-lead = Whoever has one of these roles and no second step yet sets it up before anything else, from their next click on.
required-roles = These roles take a second step
