# Ekran sprawdzania.
