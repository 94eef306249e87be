# Ludzie w firmie.
