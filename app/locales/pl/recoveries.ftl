# Naprawy: lista i droga przez jedną z nich.
