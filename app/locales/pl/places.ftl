# Lokalizacje i miejsca.

places-title = Miejsca
places-headline = { $sites ->
    [0] Gdzie klienci spotykają się z Twoją obietnicą?
   *[other] { $places ->
        [0] Jeszcze żadnego miejsca
        [one] Jedno miejsce
        [few] { $places } miejsca
       *[many] { $places } miejsc
      } w { $sites ->
        [one] jednej lokalizacji
       *[many] { $sites } lokalizacjach
      }.
  }
places-lead = Każde miejsce ma własny kod: na etykiecie i do wpisania tam, gdzie zawodzi aparat.
places-lead-none = Zacznij od lokalizacji: sklepu, postoju, oddziału. Potem nazwij w niej miejsca, w których sprawdzasz obietnicę.
places-lead-sites = Teraz nazwij miejsca: tam Twój zespół będzie patrzeć, czy obietnica jest dotrzymana.
places-none-here = Nie ma tu jeszcze żadnego miejsca.
places-never-checked = Jeszcze nie sprawdzano
places-last-check = Ostatnie sprawdzenie: { $ago }
places-code = Kod:
places-check = Sprawdź
places-check-at = Sprawdź: { $place }
places-new = Dodaj miejsce
places-site = Lokalizacja
places-choose-site = Wybierz lokalizację
places-name = Nazwa miejsca
places-new-hint = Tak, jak nazywa je Twój zespół. Na przykład: Toaleta po lewej. Albo: Półka z mazidłem.
places-add = Dodaj miejsce
places-new-site = Dodaj lokalizację
places-site-name = Nazwa lokalizacji
places-new-site-hint = Na przykład: Tulsa, przy autostradzie. Albo: sklep internetowy.
places-add-site = Dodaj lokalizację

## Etykiety
sites-tags = Etykiety
sites-tags-why = Jedna etykieta dla wszystkich: pracownicy trafiają na ekran sprawdzania, klienci na obietnicę. Zeskanowanie nie jest uprawnieniem.
sites-print = Drukuj wszystkie etykiety
sites-tags-title = Etykiety: { $site }
sites-tags-lead = Wydrukuj tę stronę na papierze A4 lub Letter i potnij wzdłuż linii.
sites-tag-customers = Zeskanuj, by zobaczyć obietnicę i czy jest dotrzymywana.
sites-tag-staff = Pracownicy: zeskanuj lub wpisz kod.
sites-relabel = Nowy kod
sites-relabel-of = Nowy kod: { $place }
sites-relabel-what = Gdy etykieta zginęła lub ktoś ją skopiował. Stara niczego już nie otworzy: wydrukuj nową.
sites-relabel-do = Nadaj nowy kod
sites-more = Etykiety, zamknięcia, czas
places-replaced-title = Tę etykietę wymieniono
places-replaced-customer = Ta etykieta już niczego nie otwiera. Poszukaj w tym miejscu nowej albo zapytaj kogoś z obsługi.
places-replaced-lead = { $place } ({ $site }) ma nowy kod. Poszukaj tam nowej etykiety albo otwórz miejsce z listy.
