# Co jest nie tak z polem i jak byłoby dobrze. Wyświetlane obok pola.

fault-missing = Tego jeszcze brakuje. Uzupełnij to pole.
fault-too-long = { $max ->
    [one] To za długie: mieści się najwyżej { $max } znak.
    [few] To za długie: mieszczą się najwyżej { $max } znaki.
   *[many] To za długie: mieści się najwyżej { $max } znaków.
  }
fault-too-short = { $min ->
    [one] To za krótkie: potrzeba co najmniej { $min } znaku.
   *[many] To za krótkie: potrzeba co najmniej { $min } znaków.
  }
fault-control-character = Jest tu niewidoczny znak sterujący. Wpisz tekst ręcznie zamiast go wklejać.
fault-direction-override = Jest tu niewidoczny znak, który odwraca kierunek tekstu. Wpisz tekst ręcznie zamiast go wklejać.
fault-too-many-marks = Na jednej literze jest więcej niż { $max } znaków dodatkowych. Wpisz tekst ręcznie zamiast go wklejać.
fault-not-a-number = To nie jest liczba. Użyj cyfr, na przykład 12,50.
fault-out-of-range = Dozwolone są wartości od { $min } do { $max }.
fault-too-many = { $max ->
    [one] Mieści się tu tylko { $max } pozycja.
    [few] Mieszczą się tu tylko { $max } pozycje.
   *[many] Mieści się tu tylko { $max } pozycji.
  }
fault-unknown-choice = Takiej możliwości nie ma. Wybierz jedną z listy.
fault-taken = To już zajęte. Wybierz coś innego.
fault-reserved = To słowo jest zarezerwowane dla Trialmark. Wybierz inne.
fault-malformed = Nieprawidłowy format. Porównaj z podpowiedzią.
fault-in-future = To dopiero nastąpi. Podaj czas, który już minął.
fault-too-old = To było zbyt dawno, żeby to zapisać.
fault-not-in-future = Ten czas już minął. Podaj czas w przyszłości.
fault-too-far-ahead = To ponad { $max } dni naprzód. Podaj wcześniejszy czas.
fault-not-found = Nie ma tu takiej pozycji. Wybierz jedną z istniejących.
fault-not-a-zone = To nie jest strefa czasowa. Użyj nazwy takiej jak Europe/Warsaw lub America/Chicago.
fault-not-a-currency = To nie jest kod waluty. Użyj trzech liter, na przykład PLN, EUR lub USD.
fault-not-an-email = To nie jest adres e-mail. Powinien wyglądać jak imie@przyklad.pl.
fault-too-common = To dałoby się odgadnąć: jest zbyt podobne do częstych haseł albo do Twojego imienia. Trudno odgadnąć cztery słowa, które nie mają ze sobą nic wspólnego.
fault-guessable-pin = To dałoby się odgadnąć. Wybierz sześć cyfr, które nie idą po kolei i się nie powtarzają.
fault-wrong = Coś się nie zgadza. Sprawdź i spróbuj ponownie.
fault-needs-all-sites = Właściciel i audytor mają dostęp wszędzie. Wybierz „Wszędzie” albo inną rolę.
fault-never-due = To nigdy nie wypadnie: okno musi zmieścić się w przedziale.
fault-not-a-picture = Tego nie da się odczytać jako zdjęcia. Zrób je jeszcze raz albo wyślij plik JPEG lub PNG.
fault-too-large = To zdjęcie jest za duże: najwyżej 6 MB i 25 milionów pikseli (7 milionów w progresywnym JPEG). Zrób je w mniejszej rozdzielczości.
fault-not-after = To musi być później niż początek, najwyżej rok po nim.
