# Setting up the first business, and signing in.

sign-in-title = Sign in
sign-in-email = E-mail
sign-in-password = Password
sign-in-submit = Sign in
sign-in-passkey = Sign in with a passkey
sign-in-passkey-wrong = This passkey is not known here, or the browser gave none. Sign in with your password instead.
sign-in-wrong = This e-mail and password do not belong together. Please check both.
sign-in-help = No account? The owner of your business lets you in. Customers need none.

begin-title = Make a promise you can keep
begin-lead = Let’s set up your business. Say which business this is and who answers for its promises. The first guarantee comes next.
begin-name = Name of the business
begin-slug = Public address
begin-slug-hint = Lower-case letters, digits and hyphens, as in prairie-stop. Left empty, it is made from the name. It cannot be changed later: links to it must not break.
begin-zone = Time zone
begin-zone-hint = As in America/Chicago or Europe/Warsaw. Days and opening hours are counted in it.
begin-currency = Currency
begin-currency-hint = Three letters, as in USD or PLN.
begin-language = Language of the public page
begin-person = Who answers for the promises
begin-person-lead = A person, by name. Customers see this, with at least one way to reach them.
begin-contact-name = Your name
begin-contact-email = Public e-mail
begin-contact-phone = Public phone number
begin-contact-phone-hint = One of the two is enough.
begin-sign-in = How you sign in
begin-email = Your e-mail
begin-email-hint = Only for signing in. Customers do not see it.
begin-password-hint = At least 12 characters. Three or four unrelated words are easy to keep and hard to guess.
begin-submit = Begin
