# Exporting and deleting a business.

archive-whole = Export or delete
archive-export-lead = One file with everything of this business: promises, checks, recoveries, customers and the whole record. It can be imported into another Trialmark. Passwords and keys are not in it. Keep it safe: it contains personal data.
archive-export = Download everything
archive-delete = Delete this business
archive-delete-lead = Deletes the business with all its data and its public page, for good. You see first what that means.
archive-delete-ask = See what is deleted
archive-back = ‹ Settings
archive-delete-headline = Delete { $name }?
archive-deletes = Deleted for good, at once and for everyone
archive-deletes-work = every promise, check, recovery and customer, every place with its tag, and every setting
archive-deletes-public = the public page and the record: links to them no longer work
archive-deletes-people = everyone’s access to it, and the account of everyone who belongs to no other business here
archive-delete-first = It cannot be restored unless you download everything first.
archive-delete-name = Type the name of the business
archive-delete-name-hint = Exactly as here: { $name }
archive-delete-now = Delete for good
archive-deleted = { $name } has been deleted
archive-deleted-means = All its data and its public page are gone.
