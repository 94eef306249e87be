# Wspólne telefony i tablety.

devices-title = Wspólne urządzenia
devices-headline = { $count ->
    [0] Żadne wspólne urządzenie nie jest w użyciu.
    [one] W użyciu jest jedno wspólne urządzenie.
    [few] W użyciu są { $count } wspólne urządzenia.
   *[other] W użyciu jest { $count } wspólnych urządzeń.
  }
devices-lead = Tablet na ladzie, telefon przechodzący z rąk do rąk: każdy wybiera swoje imię, wpisuje PIN i sprawdzenie jest jego. Urządzenie zapisuje sprawdzenia w swojej lokalizacji i nic poza tym.
devices-people = Wróć do zespołu
devices-no-site = Urządzenie należy do lokalizacji. Najpierw dodaj lokalizację.
devices-link-open = link ważny do: { $until }
devices-expired = link wygasł
devices-revoked = usunięte
devices-unused = zarejestrowane, jeszcze nieużyte
devices-used = użyte { $ago }
devices-revoke = Usuń
devices-new = Zarejestruj urządzenie
devices-name = Nazwa urządzenia
devices-name-hint = Na przykład: tablet przy ladzie.
devices-site = W której lokalizacji?
devices-create = Utwórz link rejestracyjny
devices-created = Link rejestracyjny
devices-created-headline = Otwórz to na urządzeniu: { $name }.
devices-created-lead = Link widać przez dziesięć minut, tylko w tej przeglądarce. Zeskanuj kod QR urządzeniem albo wpisz adres. Link działa dla jednego urządzenia i przez godzinę.
devices-back = Wróć do urządzeń
devices-of = Urządzenie „{ $name }”
devices-register-title = Wspólne urządzenie
devices-register-headline = Zarejestrować to urządzenie w firmie { $business }?
devices-register-lead = Będzie się nazywać { $name } i należeć do lokalizacji { $site }, dla wszystkich, którzy tam pracują.
devices-register-means = Zalogowana na nim osoba zostanie wylogowana. Odtąd każdy wybiera tu swoje imię i wpisuje PIN.
devices-register = Zarejestruj to urządzenie
devices-register-invalid = Ten link został użyty, wygasł albo został wycofany. Poproś kierownika o nowy.

## Przy urządzeniu
device-who = Kto sprawdza?
device-nobody = Nikt tu jeszcze nie ma PIN-u. Każdy ustawia go na swoim telefonie, w „Twoim koncie”.
device-help = Nie ma Twojego imienia? Ustaw PIN na swoim telefonie, w „Twoim koncie”.
device-locked-short = na chwilę zablokowane
device-locked = { $minutes ->
    [one] Pięć PIN-ów było błędnych. To imię jest na tym urządzeniu zablokowane jeszcze przez minutę. Nic z zapisanego nie zginęło.
    [few] Pięć PIN-ów było błędnych. To imię jest na tym urządzeniu zablokowane jeszcze przez { $minutes } minuty. Nic z zapisanego nie zginęło.
   *[other] Pięć PIN-ów było błędnych. To imię jest na tym urządzeniu zablokowane jeszcze przez { $minutes } minut. Nic z zapisanego nie zginęło.
  }
device-pin = Twój PIN
device-submit = Dalej
device-other-person = Ktoś inny
device-sign-out = Wyloguj: { $name }
