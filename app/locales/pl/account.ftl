# Własne konto.

account-title = Twoje konto
account-headline = { $name }, to Twoje konto.
account-sessions = { $count ->
    [one] Jedna aktywna sesja
   *[other] Aktywne sesje: { $count }
  }
account-sessions-lead = Nie poznajesz którejś? Zakończ ją, a potem zmień hasło.
account-device-unknown = Urządzenie, które nic o sobie nie mówi
account-this-device = to tutaj
account-used = od: { $since }, użyte { $ago }
account-end = Zakończ
account-password = Zmień hasło
account-password-lead = Tutaj sesja pozostaje aktywna, wszędzie indziej się zakończy.
account-current = Obecne hasło
account-new = Nowe hasło
account-change = Zmień
account-data = Co o Tobie przechowujemy
account-data-lead = Twój profil, firmy, do których masz wstęp, urządzenia z aktywną sesją i to, co robisz, z czasem. Nie ma w tym hasła ani żadnego klucza.
account-data-download = Pobierz to, co o mnie przechowujecie
reset-title = Ustaw nowe hasło
reset-lead = Dla { $email }. Po ustawieniu logowanie kończy się na każdym urządzeniu, a Ty logujesz się nowym hasłem.
reset-invalid = Ten link wykorzystano albo wygasł. O nowy poproś osobę, która prowadzi ten serwer.
account-factors = Ustaw drugi krok
account-factors-on = Przy logowaniu pokazujesz także coś, co masz.
account-factors-off = Do zalogowania wystarcza hasło. Drugi krok zatrzyma każdego, kto pozna tylko je.
account-pin-title = PIN do wspólnych urządzeń
account-pin-on = Masz PIN: przy wspólnym urządzeniu wybierasz swoje imię i go wpisujesz.
account-pin-off = Z PIN-em zapisujesz sprawdzenia na wspólnym tablecie jako Ty.
account-pin = PIN
account-pin-hint = Sześć cyfr, które nie idą po kolei i nie są takie same.
account-pin-set = Ustaw PIN
