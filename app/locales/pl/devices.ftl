# Wspólne telefony i tablety.

devices-title = Wspólne urządzenia
devices-headline = { $count ->
    [0] Żadne wspólne urządzenie nie jest w użyciu.
    [one] W użyciu jest jedno wspólne urządzenie.
    [few] W użyciu są { $count } wspólne urządzenia.
   *[other] W użyciu jest { $count } wspólnych urządzeń.
  }
devices-lead = Tablet na ladzie, telefon przechodzący z rąk do rąk: każdy wybiera swoje imię, wpisuje PIN i sprawdzenie jest jego. Urządzenie zapisuje sprawdzenia w swojej lokalizacji i nic poza tym.
devices-people = Wróć do osób
devices-no-site = Urządzenie należy do lokalizacji. Najpierw dodaj lokalizację.
devices-link-open = link czeka do: { $until }
devices-expired = nikt nie otworzył linku na czas
devices-revoked = cofnięte
devices-unused = zarejestrowane, jeszcze nieużyte
devices-used = użyte { $ago }
devices-revoke = Wyrejestruj
devices-new = Zarejestruj urządzenie
devices-name = Jak się na nie mówi?
devices-name-hint = Na przykład: tablet przy ladzie.
devices-site = W której lokalizacji?
devices-create = Utwórz link
devices-created = Link urządzenia
devices-created-headline = Otwórz to na urządzeniu: { $name }.
devices-created-lead = Pokazujemy to przez dziesięć minut, tylko w tej przeglądarce. Skieruj aparat urządzenia na kwadratowy kod albo wpisz adres. Link jest dobry dla jednego urządzenia i na godzinę.
devices-back = Wróć do urządzeń
devices-of = Urządzenie „{ $name }”
devices-register-title = Wspólne urządzenie
devices-register-headline = Zrobić z tego urządzenie firmy { $business }?
devices-register-lead = Będzie to { $name }, lokalizacja { $site }, dla wszystkich, którzy tam pracują.
devices-register-means = Trwające tu logowanie się skończy. Odtąd każdy wybiera tu swoje imię i wpisuje PIN.
devices-register = Tak, to wspólne urządzenie
devices-register-invalid = Ten link wykorzystano, wygasł albo go cofnięto. O nowy poproś menedżera.

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
device-submit = To ja
device-other-person = Ktoś inny
device-sign-out = { $name }: gotowe
