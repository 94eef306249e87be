# Tablica dnia.
