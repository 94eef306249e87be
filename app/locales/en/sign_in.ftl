# Signing in, and the first page of all.
