# The check screen.
