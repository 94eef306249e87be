# Recoveries: the list and the walk through one.
