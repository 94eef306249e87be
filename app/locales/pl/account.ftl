# Własne konto.

account-title = Twoje konto
account-headline = { $name }, to Twoje konto.
account-sessions = { $count ->
    [one] Jedna aktywna sesja
   *[other] Aktywne sesje: { $count }
  }
account-sessions-lead = Nie rozpoznajesz któregoś urządzenia? Wyloguj je, a potem zmień hasło.
account-device-unknown = Nieznane urządzenie
account-this-device = to urządzenie
account-used = od: { $since }, ostatnio użyte { $ago }
account-end = Wyloguj
account-password = Zmień hasło
account-password-lead = Tutaj sesja pozostanie aktywna, wszędzie indziej nastąpi wylogowanie.
account-current = Obecne hasło
account-new = Nowe hasło
account-change = Zmień hasło
account-data = Twoje dane
account-data-lead = Twój profil, firmy, do których masz dostęp, zalogowane urządzenia i to, co robisz, z datą i godziną. Hasła i klucze nie są dołączone.
account-data-download = Pobierz moje dane
reset-title = Ustaw nowe hasło
reset-lead = Dla { $email }. Wszystkie urządzenia zostaną wylogowane, a Ty zalogujesz się nowym hasłem.
reset-invalid = Ten link wykorzystano albo wygasł. O nowy poproś osobę, która prowadzi ten serwer.
account-factors = Ustaw weryfikację dwuetapową
account-factors-on = Przy logowaniu używasz też czegoś, co masz.
account-factors-off = Do zalogowania wystarcza hasło. Weryfikacja dwuetapowa zatrzyma każdego, kto zna tylko hasło.
account-pin-title = PIN do wspólnych urządzeń
account-pin-on = Masz PIN: przy wspólnym urządzeniu wybierasz swoje imię i go wpisujesz.
account-pin-off = Z PIN-em zapisujesz sprawdzenia na wspólnym tablecie jako Ty.
account-pin = PIN
account-pin-hint = Sześć cyfr, nie po kolei i nie wszystkie takie same.
account-pin-set = Zapisz PIN
