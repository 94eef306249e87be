# Tablica dnia i obchód.

today-title = Dziś
today-rounds = Do sprawdzenia

## Ile już sprawdzono
today-nothing = Nie ma jeszcze czego sprawdzać.
today-all-done = Wszystkie obietnice zostały dziś sprawdzone. Dziękujemy.
today-left = { $all ->
    [1] Dziś nikt jeszcze nie sprawdził tej obietnicy.
   *[other] Dziś jeszcze nie sprawdzono: { $left } z { $all } obietnic.
  }
today-code-unknown = Ten telefon nie zna tego kodu. Zeskanuj go lub wpisz ponownie, gdy będzie zasięg.
today-checks = Ostatnie sprawdzenia

## Jak stoją obietnice
today-no-promises = Nic jeszcze nie jest publicznie obiecane.
today-none-in-force = Żadna obietnica teraz nie obowiązuje.
today-below = { $count ->
    [1] Jedna obietnica jest poniżej progu.
    [2] Dwie obietnice są poniżej progu.
    [3] Trzy obietnice są poniżej progu.
    [4] Cztery obietnice są poniżej progu.
    [5] Pięć obietnic jest poniżej progu.
    [few] { $count } obietnice są poniżej progu.
   *[many] { $count } obietnic jest poniżej progu.
  }
today-unknown = { $count ->
    [1] Jednej obietnicy nikt nie sprawdził od trzydziestu dni.
    [2] Dwóch obietnic nikt nie sprawdził od trzydziestu dni.
   *[other] { $count } obietnic nikt nie sprawdził od trzydziestu dni.
  }
today-never-checked = { $count ->
    [1] Jednej obietnicy nikt jeszcze nie sprawdził.
    [2] Dwóch obietnic nikt jeszcze nie sprawdził.
   *[other] { $count } obietnic nikt jeszcze nie sprawdził.
  }
today-too-few = { $count ->
    [1] Jedna obietnica ma za mało sprawdzeń, żeby ją ocenić.
    [2] Dwie obietnice mają za mało sprawdzeń, żeby je ocenić.
    [few] { $count } obietnice mają za mało sprawdzeń, żeby je ocenić.
   *[many] { $count } obietnic ma za mało sprawdzeń, żeby je ocenić.
  }
today-holds = { $count ->
    [1] Obietnica jest dotrzymana.
    [2] Obie obietnice są dotrzymane.
    [3] Wszystkie trzy obietnice są dotrzymane.
    [4] Wszystkie cztery obietnice są dotrzymane.
    [5] Wszystkie pięć obietnic jest dotrzymanych.
    [few] Wszystkie { $count } obietnice są dotrzymane.
   *[many] Wszystkie { $count } obietnic jest dotrzymanych.
  }
today-waiting = { $count ->
    [0] Nikt na nas nie czeka.
    [1] Jedna naprawa czeka na nas.
    [2] Dwie naprawy czekają na nas.
    [3] Trzy naprawy czekają na nas.
    [4] Cztery naprawy czekają na nas.
    [5] Pięć napraw czeka na nas.
    [few] { $count } naprawy czekają na nas.
   *[many] { $count } napraw czeka na nas.
  }
today-late = { $count ->
    [1] Jedna z nich jest spóźniona.
    [2] Dwie z nich są spóźnione.
    [3] Trzy z nich są spóźnione.
    [few] { $count } z nich są spóźnione.
   *[many] { $count } z nich jest spóźnionych.
  }
today-level-above = powyżej progu { $mark }
today-level-below = poniżej progu { $mark }
today-basis-strict = dotrzymane z należnych sprawdzeń, 30 dni
today-basis-kept = dotrzymane z wykonanych sprawdzeń, 30 dni
today-trials = Ponadto w próbie, sprawdzane niepublicznie: { $titles }.

## Kto czeka
today-urgent = Najpilniejsze sprawy
today-nobody-waits = Żadna naprawa nie jest otwarta.

## O co prosimy tych, którzy odpowiadają za obietnice
today-obstacles = { $count ->
    [1] Jedna przeszkoda czeka na Twoją odpowiedź.
    [2] Dwie przeszkody czekają na Twoją odpowiedź.
    [3] Trzy przeszkody czekają na Twoją odpowiedź.
    [4] Cztery przeszkody czekają na Twoją odpowiedź.
    [5] Pięć przeszkód czeka na Twoją odpowiedź.
    [1000] Co najmniej tysiąc przeszkód czeka na Twoją odpowiedź.
    [few] { $count } przeszkody czekają na Twoją odpowiedź.
   *[many] { $count } przeszkód czeka na Twoją odpowiedź.
  }
today-second-looks = Sprawdź jeszcze raz
today-second-look = { $count } razy z rzędu dotrzymano: { $place }. Sprawdź jeszcze raz.

## Liczby
today-figures = Liczby
today-of = { $part } z { $whole }
today-found = złamanych obietnic zauważyliśmy pierwsi
today-coverage = należnych sprawdzeń wykonano, 30 dni
today-made = sprawdzeń wykonano w 30 dni

## Co jest wymagane
today-due = Teraz
today-due-next = Następne
today-due-by = Do { $at }
today-late-until = Spóźnione, liczy się jeszcze do { $at }
today-opens = Od { $at }
today-nothing-due = Teraz nic nie trzeba sprawdzać. Dziękujemy.
today-due-now = { $count ->
    [one] Jedno sprawdzenie czeka.
    [few] { $count } sprawdzenia czekają.
   *[many] { $count } sprawdzeń czeka.
  }
today-to-check = { $count ->
    [one] Jedno sprawdzenie jest teraz do zrobienia.
    [few] { $count } sprawdzenia są teraz do zrobienia.
   *[many] { $count } sprawdzeń jest teraz do zrobienia.
  }
today-unsent = Nie ma sieci: nic nie wysłano. To, co wpisano, jest nadal na poprzedniej stronie.
