# The people of a business.
