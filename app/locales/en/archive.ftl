# Exporting and deleting a business.

archive-whole = Everything, as a whole
archive-export-lead = One file with everything of this business: promises, checks, recoveries, customers and the record, whole. Another Trialmark takes it in as it is. Passwords and keys are not in it. Keep it safe: there are people in it.
archive-export = Download everything
archive-delete = Delete this business
archive-delete-lead = Everything of it goes for good, and its public page with it. You see first what that means.
archive-delete-ask = See what goes
archive-back = ‹ Settings
archive-delete-headline = Delete { $name }?
archive-deletes = This goes, for good, at once and for everyone
archive-deletes-work = every promise, check, recovery and customer, every place with its tag, and every setting
archive-deletes-public = the public page and the record: whoever follows a link to it finds nothing
archive-deletes-people = everyone’s access to it, and the account of everyone who belongs to no other business here
archive-delete-first = Nobody can bring it back, unless you take everything along first.
archive-delete-name = Type the name of the business
archive-delete-name-hint = As it stands here: { $name }
archive-delete-now = Delete it for good
archive-deleted = { $name } is deleted
archive-deleted-means = Everything of it is gone, and so is its public page.
