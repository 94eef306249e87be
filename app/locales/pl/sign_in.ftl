# Logowanie i pierwsza strona ze wszystkich.
