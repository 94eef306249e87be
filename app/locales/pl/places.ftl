# Lokalizacje i miejsca.
