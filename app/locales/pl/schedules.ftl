# Kiedy sprawdza się obietnice, a kiedy nie.

schedules-title = Harmonogram sprawdzeń
schedules-lead = W każdym oknie ktoś sprawdza, a jeśli nie, pokazuje to strona publiczna. Obiecuj tylko tyle sprawdzeń, ile dasz radę wykonać.
schedules-rhythm = Jak często
schedules-every = W regularnych odstępach
schedules-at = O stałych godzinach
schedules-none = Bez harmonogramu: sprawdzenia można zapisywać w dowolnym czasie
schedules-minutes = Minuty między sprawdzeniami
schedules-minutes-hint = Od 5 do 1440.
schedules-within = Godziny
schedules-within-hint = W czasie lokalizacji, na przykład 06:00-22:00. 00:00-24:00 to cała doba.
schedules-times = Godziny
schedules-times-hint = W czasie lokalizacji, po przecinku: 09:00, 13:30. 00:00 to koniec dnia.
schedules-lead-time = O ile wcześniej sprawdzenie się liczy (minuty)
schedules-lead-time-hint = Od 5 do 720. Sprawdzenie z poprzedniego dnia się nie liczy.
schedules-days = Dni tygodnia
schedules-grace = Jak długo liczą się spóźnione sprawdzenia (minuty)
schedules-grace-hint = Od 0 do 720. Później sprawdzenie zapisuje się jako pominięte.
schedules-save = Zapisz harmonogram
schedules-change = Ustaw harmonogram sprawdzeń
schedules-part = Harmonogram sprawdzeń
schedules-nothing = Bez harmonogramu: sprawdzenia można zapisywać w dowolnym czasie i nikt nie widzi, ile ich powinno być.

## Jednym zdaniem
schedules-summary-every = Co { $minutes ->
    [60] godzinę
   *[other] { $minutes } min
  }, { $within }
schedules-summary-at = O { $times }
schedules-summary-daily = { $rhythm }, codziennie
schedules-summary-on = { $rhythm }, w dni: { $days }

## Zamknięte na jakiś czas
closures-title = Zamknięcia
closures-lead = Zamknięcie ogłasza się publicznie, zanim się zacznie. W tym czasie sprawdzenia nie są wymagane.
closures-none = Nie zaplanowano żadnego zamknięcia.
closures-of = { $from } do { $until }
closures-whole-site = Cała lokalizacja
closures-place = Miejsce
closures-from = Od (puste pole: od teraz)
closures-until = Do
closures-why = Powód
closures-why-hint = Widoczny publicznie. Na przykład: Kładziemy nowe płytki.
closures-announce = Ogłoś zamknięcie
closures-end = Zakończ zamknięcie teraz
closures-zone-hint = W czasie lokalizacji, { $zone }.

## Czas
sites-zone = Strefa czasowa lokalizacji (opcjonalnie)
sites-zone-hint = Tylko jeśli różni się od strefy czasowej firmy, { $zone }. Na przykład: America/Denver.
sites-zone-save = Zapisz strefę czasową
