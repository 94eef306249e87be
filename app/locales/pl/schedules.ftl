# Kiedy sprawdza się obietnice, a kiedy nie.

schedules-title = Kiedy sprawdzać
schedules-lead = W każdym oknie ktoś sprawdza, albo publiczna strona mówi, że nikt tego nie zrobił. Obiecuj tyle, ile dasz radę.
schedules-rhythm = Jak często
schedules-every = Raz po raz
schedules-at = O określonych godzinach
schedules-none = Nic nie jest wymagane: liczy się każde sprawdzenie
schedules-minutes = Minuty między sprawdzeniami
schedules-minutes-hint = Od 5 do 1440.
schedules-within = Od kiedy do kiedy
schedules-within-hint = W czasie tego obiektu, na przykład 06:00-22:00. 00:00-24:00 to cała doba.
schedules-times = Godziny
schedules-times-hint = W czasie tego obiektu, po przecinku: 09:00, 13:30. 00:00 to koniec dnia.
schedules-lead-time = Ile minut wcześniej sprawdzenie już się liczy
schedules-lead-time-hint = Od 5 do 720. Sprawdzenie z poprzedniego dnia się nie liczy.
schedules-days = W które dni
schedules-grace = Minuty spóźnienia, które jeszcze się liczą
schedules-grace-hint = Po oknie sprawdzenie jest spóźnione, ale przez ten czas jeszcze się liczy. Od 0 do 720.
schedules-save = Sprawdzać tak od teraz
schedules-change = Wybierz, kiedy sprawdzać
schedules-part = Kiedy się sprawdza
schedules-nothing = Nic nie jest wymagane: liczy się każde sprawdzenie i nikt nie widzi, ile ich powinno być.

## Jednym zdaniem
schedules-summary-every = Co { $minutes ->
    [60] godzinę
   *[other] { $minutes } min
  }, { $within }
schedules-summary-at = O { $times }
schedules-summary-daily = { $rhythm }, codziennie
schedules-summary-on = { $rhythm }, w dni: { $days }

## Zamknięte na jakiś czas
closures-title = Zamknięte na jakiś czas
closures-lead = Ogłaszane publicznie, zanim się zacznie. Okna, które w całości w tym leżą, nie są wymagane.
closures-none = Nic nie jest zamknięte.
closures-of = { $from } do { $until }
closures-whole-site = Cały obiekt
closures-place = Które miejsce
closures-from = Od (puste: od teraz)
closures-until = Do
closures-why = Dlaczego
closures-why-hint = To będzie publiczne. Na przykład: Kładziemy nowe płytki.
closures-announce = Ogłoś
closures-end = Otwórz już teraz
closures-zone-hint = W czasie tego obiektu, { $zone }.

## Czas
sites-zone = Własna strefa czasowa (opcjonalnie)
sites-zone-hint = Jeśli zegary chodzą tu inaczej niż w firmie, { $zone }. Na przykład: America/Denver.
sites-zone-save = Zapisz strefę czasową
