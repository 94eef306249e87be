# Problemy, gwarancje i ich wersje.
