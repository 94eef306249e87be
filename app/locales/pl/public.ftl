# Co klienci czytają na stronach publicznych. Mówi firma: „my” to firma.

public-nothing = Pod tym adresem nie ma strony
public-nothing-known = Żadna firma o tej nazwie nie prowadzi tu publicznego rejestru. Sprawdź adres.
public-nothing-promised = { $name } nie ma pod tym adresem publicznej gwarancji. To, co raz opublikowano, pozostaje widoczne, więc w adresie może być błąd.

## Karta obietnic
public-charter = Co obiecuje { $name }
public-no-promise = { $name } nie ma jeszcze opublikowanych obietnic.
public-count-below = { $count ->
    [one] Jedna obietnica jest poniżej swojego progu.
    [few] { $count } obietnice są poniżej swoich kresek.
   *[many] { $count } obietnic jest poniżej swoich kresek.
  }
public-count-holds = { $count ->
    [one] Jedna obietnica jest dotrzymywana: osiąga swój próg.
    [few] { $count } obietnice są dotrzymywane: sięgają swoich kresek.
   *[many] { $count } obietnic jest dotrzymywanych: sięga swoich kresek.
  }
public-count-unchecked = { $count ->
    [one] Jednej obietnicy nie sprawdzono w ostatnich 30 dniach: nikt nie wie, czy jest dotrzymywana.
   *[many] { $count } obietnic nie sprawdzono w ostatnich 30 dniach: nikt nie wie, czy są dotrzymywane.
  }
public-count-never-checked = { $count ->
    [one] Jednej obietnicy jeszcze nie sprawdzono.
   *[many] { $count } obietnic jeszcze nie sprawdzono.
  }
public-count-too-few = { $count ->
    [one] Jednej obietnicy nie można jeszcze ocenić: za mało sprawdzeń.
   *[many] { $count } obietnic nie można jeszcze ocenić: za mało sprawdzeń.
  }
public-count-suspended = { $count ->
    [one] Jedna obietnica jest zawieszona.
    [few] { $count } obietnice są zawieszone.
   *[many] { $count } obietnic jest zawieszonych.
  }
public-count-retired = { $count ->
    [one] Jedna obietnica została wycofana.
    [few] { $count } obietnice zostały wycofane.
   *[many] { $count } obietnic zostało wycofanych.
  }

## Jak stoi obietnica
public-bottle = Poziom { $level }, próg { $mark }
public-bottle-unknown = Poziom nieznany, próg { $mark }
public-mark = próg { $mark }
public-strict-30 = ścisły wskaźnik dotrzymania, ostatnie 30 dni
public-kept-30 = wskaźnik dotrzymania, ostatnie 30 dni
public-formula-strict = dotrzymane w terminie ÷ zaplanowane sprawdzenia = { $part } ÷ { $whole }
public-formula-kept = dotrzymane ÷ (dotrzymane + złamane) = { $part } ÷ { $whole }
public-last-check = ostatnie sprawdzenie: { $when }
public-never-checked = jeszcze nie sprawdzono
public-days = Ostatnie 90 dni: dotrzymana – { $kept }, złamana – { $broken }, niesprawdzona w terminie – { $missed }.

## Jedna gwarancja
public-label = Gwarantujemy
public-label-suspended = Zawieszona
public-label-retired = Wycofana
public-suspended = Ta gwarancja jest zawieszona: na razie nie obowiązuje.
public-stays-on-view = To, co obiecano, i to, co z tego wyszło, pozostaje widoczne.
public-to-claim = Jak skorzystać z gwarancji
public-to-method = Jak sprawdzamy
public-problem = Problem, który rozwiązujemy
public-for = Dla kogo
public-not-for = Nie dla
public-remedy = Jeśli ją złamiemy
public-claim = Jak skorzystać z gwarancji
public-late-remedy = Jeśli się z tym spóźnimy
public-terms = Odpowiadamy w ciągu { $answer }, a szkodę naprawiamy w ciągu { $remedy }, licząc w godzinach otwarcia.
public-conditions = Warunki
public-criteria = Co znaczy „dotrzymana”
public-places = Gdzie to obiecujemy

## Liczby
public-figures = Ostatnie 30 dni w liczbach
public-unknown = nie wiadomo
public-too-few = za mało, żeby oceniać
public-figure-unknown = wskaźnik dotrzymania: nikt nie sprawdzał
public-figure-too-few = wskaźnik dotrzymania: { $part } na { $whole }; do oceny potrzeba 10 sprawdzeń
public-figure-kept = wskaźnik dotrzymania: dotrzymane ÷ (dotrzymane + złamane) = { $part } ÷ { $whole }
public-figure-interval = w tych granicach leży prawdopodobnie prawdziwy wskaźnik (95 %, przedział Wilsona)
public-figure-coverage = pokrycie: sprawdzenia zrobione ÷ zaplanowane = { $part } ÷ { $whole }
public-figure-strict = ścisły wskaźnik dotrzymania: dotrzymane w terminie ÷ zaplanowane = { $part } ÷ { $whole }
public-nothing-due = Na te dni nie zaplanowano sprawdzeń, więc nie ma pokrycia ani ścisłego wskaźnika.

## Złamane obietnice
public-breaks = Kiedy ją złamaliśmy i co zrobiliśmy
public-no-break = W rejestrze nie ma złamanej obietnicy.
public-no-break-unchecked = W rejestrze nie ma złamanej obietnicy. Nikt jednak jeszcze nie sprawdzał, więc to nic nie znaczy.
public-of = { $part } z { $whole }
public-figure-first = zauważone najpierw przez nas: znalezione przez pracowników ÷ wszystkie złamania = { $percent }
public-figure-restored = zaufanie odzyskane, słowami samego klienta: odzyskane ÷ zamknięte = { $percent }
public-figure-late = z przekroczeniem naszego własnego terminu: spóźnione ÷ wszystkie złamania = { $percent }
public-outcome-restored = zaufanie odzyskane
public-restored-by-record = odzyskane, jak pokazuje rejestr
public-partly = częściowo odzyskane
public-not-restored = nieodzyskane
public-no-answer = brak odpowiedzi
public-still-open = nadal otwarte
public-stage-opened = otwarta: jeszcze bez odpowiedzi
public-stage-acknowledged = otwarta: przyjęta
public-stage-understood = otwarta: wyjaśniona
public-stage-remedied = naprawiona, zapytamy klienta
public-stage-following-up = naprawiona, zaufanie jeszcze nieznane
public-broken = Nie dotrzymano:
public-broken-safety = Złamana celowo, dla czyjegoś bezpieczeństwa
public-broken-other = Złamana z innego powodu
public-found-by-staff = zauważyliśmy sami
public-found-by-customer = powiedział nam klient
public-acknowledged = pierwsza odpowiedź: { $span }
public-not-acknowledged = jeszcze bez odpowiedzi
public-remedied = naprawa: { $span }
public-next-update = kolejna wiadomość do: { $when }
public-judged-by = oceniona według wersji { $version }
public-was-late = Spóźniliśmy się: nasz własny termin minął, zanim go dotrzymaliśmy.
public-was-corrected = Później skorygowano: wynik tego sprawdzenia jest teraz inny. Pierwotny wpis zostaje tu przekreślony.
public-corrected-why = Podany powód:
public-did-correction = Co zrobiliśmy od razu
public-did-remedy = Co dostał klient
public-did-cause = Dlaczego tak się stało
public-did-action = Co zmieniliśmy, żeby się nie powtórzyło
public-earlier-breaks = { $count ->
    [one] Jedna wcześniejsza
    [few] { $count } wcześniejsze
   *[many] { $count } wcześniejszych
  }
public-more-breaks = Widać tu ostatnie { $shown } z { $all }. Wszystkie są w rejestrze.

## Treść i jej wersje
public-versions = Treść gwarancji i jej zmiany
public-version-now = To jest wersja { $version }, obowiązuje od { $day }. Każde sprawdzenie ocenia się według wersji z jego dnia.
public-versions-open = { $count ->
    [one] Jedyna wersja
    [few] Wszystkie { $count } wersje i różnice między nimi
   *[many] Wszystkie { $count } wersji i różnice między nimi
  }
public-version = Wersja { $version }, { $day }
public-version-first = Pierwsza wersja.
public-field-title = Nazwa
public-field-promise = Obietnica
public-field-mark = Próg
public-field-acknowledge = Odpowiadamy w ciągu
public-field-make-good = Naprawiamy w ciągu
public-field-proof = Ile kolejnych dobrych sprawdzeń świadczy o odzyskanym zaufaniu

## Metoda
public-method = Jak sprawdzamy i skąd się biorą liczby
public-method-who = Pracownicy oglądają każde miejsce i od razu zapisują, czy spełnione są powyższe kryteria: obietnica dotrzymana albo złamana. Liczy się także to, co zgłosi klient. Każda złamana obietnica otwiera naprawę, którą prowadzimy, aż klient powie, że zaufanie wróciło – albo że nie.
public-method-proof = { $proof ->
    [one] Gdy klienta nie można ustalić, przemawia za niego dobre sprawdzenie w tym miejscu; liczymy to osobno.
    [few] Gdy klienta nie można ustalić, przemawiają za niego { $proof } kolejne dobre sprawdzenia w tym miejscu; liczymy to osobno.
   *[many] Gdy klienta nie można ustalić, przemawia za niego { $proof } kolejnych dobrych sprawdzeń w tym miejscu; liczymy to osobno.
  }
public-method-unknown = Nieznane pozostaje nieznane. Sprawdzenie, którego nie zrobiono w terminie, widać jako niesprawdzone i nigdy nie liczy się jako dotrzymane. To, czego nikt nie sprawdził, nie ma wskaźnika.
public-method-days = Dzień to tutejszy dzień kalendarzowy ({ $zone }). Poziom w butelce dotyczy ostatnich 30 dni.
public-method-corrections = Niczego się nie zmienia ani nie usuwa. Pomyłkę naprawia się, dopisując korektę z podaniem powodu.
public-corrections = { $count ->
    [0] Dotąd nie było żadnej korekty.
    [one] Dotąd dopisano jedną korektę.
    [few] Dotąd dopisano { $count } korekty.
   *[many] Dotąd dopisano { $count } korekt.
  }
public-formulas = Wzory
public-kept-rate = Wskaźnik dotrzymania
public-kept-rate-is = dotrzymane ÷ (dotrzymane + złamane). Sprawdzenia, przy których obietnica nie miała zastosowania, pomijamy. Poniżej 10 sprawdzeń: za mało, żeby oceniać.
public-interval = Przedział
public-interval-is = Wilson, 95 %: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n), gdzie p to wskaźnik dotrzymania, n = dotrzymane + złamane, z = 1,96.
public-coverage = Pokrycie
public-coverage-is = sprawdzenia zrobione ÷ sprawdzenia zaplanowane.
public-strict = Ścisły wskaźnik dotrzymania
public-strict-is = dotrzymane w terminie ÷ sprawdzenia zaplanowane. Sprawdzenie, którego nikt nie zrobił, waży tyle, co złamana obietnica.
public-level = Poziom
public-level-is = ścisły wskaźnik dotrzymania, jeśli obietnica ma harmonogram, a wskaźnik dotrzymania, jeśli go nie ma. Obok liczby stoi, który to z nich.
public-first = Zauważone najpierw przez nas
public-first-is = złamania znalezione przez pracowników ÷ wszystkie złamania.
public-restored = Zaufanie odzyskane
public-restored-is = naprawy, po których klient powiedział, że zaufanie wróciło ÷ wszystkie zamknięte naprawy. Brak odpowiedzi to nie sukces.
public-record = Rejestr
public-record-kept = { $count ->
    [one] { $name } prowadzi ten rejestr samodzielnie: ma on { $count } wpis.
    [few] { $name } prowadzi ten rejestr samodzielnie: ma on { $count } wpisy.
   *[many] { $name } prowadzi ten rejestr samodzielnie: ma on { $count } wpisów.
  } Wpisy tworzą łańcuch zakończony pieczęcią: kto ją dziś zanotuje, może później stwierdzić, czy zmieniono coś, co było wcześniej.
public-to-record = Zobacz rejestr i jak go sprawdzić

## Stopka każdej strony
public-answers = Za te obietnice odpowiada { $person }.
public-kept-by = { $count ->
    [0] { $name } prowadzi ten rejestr samodzielnie. Nie ma w nim jeszcze wpisów.
    [one] { $name } prowadzi ten rejestr samodzielnie. Ma on { $count } wpis, opieczętowany tak, że późniejszą zmianę widać.
    [few] { $name } prowadzi ten rejestr samodzielnie. Ma on { $count } wpisy, opieczętowane jeden na drugim tak, że późniejszą zmianę widać.
   *[many] { $name } prowadzi ten rejestr samodzielnie. Ma on { $count } wpisów, opieczętowanych jeden na drugim tak, że późniejszą zmianę widać.
  }
public-see-record = Zobacz rejestr
public-work-here = Pracujesz tu?

## Rejestr
public-record-of = Rejestr: { $name }
public-record-headline = { $count ->
    [0] Rejestr { $name } nie ma jeszcze wpisów.
    [one] Rejestr { $name } ma { $count } wpis.
    [few] Rejestr { $name } ma { $count } wpisy.
   *[many] Rejestr { $name } ma { $count } wpisów.
  }
public-record-is = Za każdym razem, gdy coś zostaje opublikowane, sprawdzone, złamane, naprawione lub skorygowane, przybywa tu jeden wpis. Niczego się nie zmienia ani nie wyjmuje. Firma prowadzi ten rejestr samodzielnie. Nie dowodzi on, że każde sprawdzenie było uczciwe; ale kto zanotuje pieczęć podaną niżej, może później dowieść, czy coś przed nią przepisano.
public-head = Ostatnia pieczęć
public-head-is = Każdy wpis jest opieczętowany skrótem swojej treści i poprzedniej pieczęci. Ta jedna liczba odpowiada więc za cały rejestr: zapisz ją dziś, a każda późniejsza zmiana wcześniejszych wpisów wyjdzie na jaw.
public-download = Pobierz cały rejestr
public-last-entries = Ostatnie wpisy
public-entry = wpis { $number } · { $when }
public-entry-kept = Sprawdzono, dotrzymana: { $title }
public-entry-broken = Sprawdzono, złamana: { $title }
public-entry-missed = Nie sprawdzono w terminie: { $title }
public-entry-not-applicable = Obejrzano, nie dotyczy: { $title }
public-entry-corrected-kept = Korekta: wynik sprawdzenia to teraz „dotrzymana”
public-entry-corrected-broken = Korekta: wynik sprawdzenia to teraz „złamana”
public-entry-corrected-not-applicable = Korekta: wynik sprawdzenia to teraz „nie dotyczy”
public-entry-corrected-missed = Cofnięto: nikt nie sprawdził, więc liczy się jako niesprawdzona w terminie
public-entry-taken-back = Cofnięto: sprawdzenie zapisano przez pomyłkę, nikt nie sprawdził
public-entry-void = Cofnięto: nikt nie sprawdził, a liczy się inne sprawdzenie z tego samego czasu
public-entry-break = Złamano obietnicę i rozpoczęto naprawę: { $title }
public-entry-version = Wersja { $version } treści: { $title }
public-entry-publish = Opublikowano: { $title }
public-entry-suspend = Zawieszono: { $title }
public-entry-resume = Znów obowiązuje: { $title }
public-entry-retire = Wycofano: { $title }
public-entry-acknowledged = Naprawa: przyjęto ją i przeproszono
public-entry-understood = Naprawa: wyjaśniono, co się stało
public-entry-updated = Naprawa: klient dowiedział się, jak stoją sprawy
public-entry-asked = Naprawa: zadano klientowi pytanie
public-entry-replied = Naprawa: klient odpisał
public-entry-remedied = Naprawa: szkodę naprawiono
public-entry-follow-up = Naprawa: zapytano klienta, czy zaufanie wróciło
public-entry-watched = Naprawa bez znanego klienta: obserwujemy rejestr
public-entry-answered = Naprawa: klient odpowiedział
public-entry-restored-by-record = Naprawa: seria dobrych sprawdzeń przemówiła za zaufaniem
public-entry-no-answer = Naprawa: klient nie odpowiedział w terminie
public-entry-learned = Naprawa: zapisano przyczynę i to, co ją usuwa
public-entry-reopened = Naprawę otwarto ponownie
public-entry-late = Naprawa: minął nasz własny termin
public-entry-closed-restored = Naprawa zamknięta: zaufanie odzyskane
public-entry-closed-by-record = Naprawa zamknięta: odzyskane, jak pokazuje rejestr
public-entry-closed-partly = Naprawa zamknięta: częściowo odzyskane
public-entry-closed-not-restored = Naprawa zamknięta: nieodzyskane
public-entry-closed-no-answer = Naprawa zamknięta: brak odpowiedzi
public-entry-redaction = { $count ->
    [one] Usunięto { $count } tekst prywatny, by chronić człowieka
    [few] Usunięto { $count } teksty prywatne, by chronić człowieka
   *[many] Usunięto { $count } tekstów prywatnych, by chronić człowieka
  }
public-entry-other = Wpis innego rodzaju: { $kind }
public-verify = Sprawdź samodzielnie
public-verify-line = W pliku każdy wiersz to jeden obiekt JSON, od najstarszego. Każdy ma numer (seq), czas (at), rodzaj (kind), treść (body), skrót poprzedniego wiersza (prev; w pierwszym 64 zera) i własny skrót (hash). Obok stoją teksty publiczne (texts), każdy ze swoją solą (salt).
public-verify-hash = Aby przeliczyć skrót, weź wiersz bez pól hash i texts, posortuj klucze, usuń wszystkie odstępy i oblicz SHA-256 z tego, co zostało. Dla ostatniego wiersza, narzędziami dostępnymi na większości komputerów:
public-verify-chain = Wynik musi być równy polu hash tego wiersza. Jeśli prev każdego wiersza jest równe hash poprzedniego, a ostatni hash to pieczęć podana wyżej, niczego nie zmieniono, nie dodano w środku ani nie wyjęto.
public-verify-texts = Tekst wchodzi do treści wpisu tylko jako zobowiązanie: SHA-256 z soli (w bajtach) i następującego po niej tekstu. Dzięki temu tekst z danymi osobowymi można później usunąć, nie zrywając łańcucha.
public-verify-command = Kto prowadzi rejestr, może sprawdzić go w całości jednym poleceniem:
public-entry-arrived = Sprawdzenie zrobione na czas dotarło później z telefonu: stoi zamiast wpisu, że go nie było.
public-entry-scheduled = { $title }: ustalono, kiedy się sprawdza
public-entry-unscheduled = { $title }: ustalono, że nie sprawdza się już według planu
public-entry-closure = Ogłoszono, że coś jest na jakiś czas zamknięte, i dlaczego
public-entry-open-again = Otwarto przed ogłoszonym czasem
public-entry-absence = Sam Trialmark przez jakiś czas nie działał: tego, co wtedy ominięto, nikt nie mógł tu zapisać
public-entry-business = Strefa czasowa, waluta i godziny otwarcia firmy, od tego wpisu
public-entry-site = Lokalizacja i jej strefa czasowa, od tego wpisu
public-entry-places = { $title }: miejsca, których dotyczy obietnica, od tego wpisu
public-entry-seal = Potwierdzenie: w jakie dni liczą się wcześniejsze sprawdzenia i jakie są ich sumy
public-looked-at-some = w { $places } z { $all } miejsc
public-looked-at = Czego nikt nie sprawdził na czas, jest pokazane jako pominięte.
