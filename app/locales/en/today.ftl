# The day's board.
