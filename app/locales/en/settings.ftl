# The settings of a business.

settings-title = Settings
settings-headline = { $person } answers for { $business }.
settings-lead = What customers see of the business, and the hours in which its own deadlines run.
settings-business = The business
settings-name = Name
settings-name-hint = Its public address stays what it is, so that no link breaks.
settings-zone = Time zone
settings-zone-hint = As in America/Chicago or Europe/Warsaw. Days and opening hours are counted in it.
settings-currency = Currency
settings-currency-hint = Three letters, as in USD or PLN.
settings-language = Language of the public page
settings-language-hint = For readers whose browser asks for no language that we speak.
settings-contact = Who answers for the promises
settings-contact-lead = A person, by name. Customers see this, with at least one way to reach them.
settings-contact-name = Name of the person
settings-contact-email = E-mail
settings-contact-phone = Phone
settings-hours = Opening hours
settings-hours-lead = The clocks of a recovery run only while you are open.
settings-hours-hint = As in 06:00-22:00. Put a comma between several spans: 06:00-12:00, 13:00-22:00. Nothing means closed; 00:00-24:00 is open all day. Over midnight, end one day at 24:00 and begin the next at 00:00.
settings-holidays = Holidays
settings-holidays-hint = Days on which you stay closed, one a line, as in 2026-12-25.
settings-security = Access and security
