# Słowa całego produktu. Odstęp między liczbą a jednostką jest niełamliwy (U+00A0).
# Słownik: promise – obietnica, guarantee – gwarancja, mark – próg, check – sprawdzenie, break – złamana obietnica, claim – zgłoszenie,
# recovery – naprawa, remedy – zadośćuczynienie, gesture – gest, correction – doraźne usunięcie skutku, corrective action – usunięcie przyczyny,
# obstacle – przeszkoda, follow-up – pytania po naprawie, record – rejestr, site – lokalizacja, place – miejsce, criterion – kryterium.

app-name = Trialmark
skip-to-content = Przejdź do treści
language = Język

nav-label = Menu główne
nav-today = Dziś
nav-recoveries = Naprawy
nav-obstacles = Przeszkody
nav-guarantees = Gwarancje
nav-places = Miejsca
nav-people = Zespół
nav-settings = Ustawienia
nav-public-page = Strona publiczna
nav-sign-out = Wyloguj się
nav-account = Twoje konto
nav-businesses = Twoje firmy

action-save = Zapisz
action-cancel = Anuluj
action-start = Przejdź na początek

verdict-kept = dotrzymana
verdict-broken = złamana
verdict-missed = niesprawdzona
verdict-not-applicable = nie dotyczy
verdict-void = nieważne: liczy się inne sprawdzenie
verdict-taken-back = cofnięte: nikt nie sprawdził

stage-draft = szkic
stage-trial = w próbie
stage-published = opublikowana
stage-suspended = zawieszona
stage-retired = wycofana

role-owner = Właściciel
role-manager = Kierownik
role-staff = Pracownik
role-auditor = Audytor

## Formularz, którego nie przyjęto
form-rejected = { $count ->
    [one] Jeszcze nie zapisano. Popraw jedno pole; to, co wpisano, nadal tu jest.
    [few] Jeszcze nie zapisano. Popraw { $count } pola; to, co wpisano, nadal tu jest.
   *[many] Jeszcze nie zapisano. Popraw { $count } pól; to, co wpisano, nadal tu jest.
  }
form-refused = Nie zapisano: zasady na to teraz nie pozwalają. To, co wpisano, nadal tu jest.
form-stale = Nie zapisano: ktoś to w międzyczasie zmienił. To, co zostało wpisane, nadal tu jest i niczego nie nadpisano.
form-current-value = Teraz jest: { $stands }
form-current-value-empty = Teraz jest puste.
form-too-many = Nie teraz: w krótkim czasie było zbyt wiele prób. To, co wpisano, nadal tu jest.
form-wait = { $seconds ->
    [one] Odczekaj { $seconds } sekundę i wyślij jeszcze raz.
    [few] Odczekaj { $seconds } sekundy i wyślij jeszcze raz.
   *[other] Odczekaj { $seconds } sekund i wyślij jeszcze raz.
  }

## Dlaczego zasady nie pozwalają teraz na ten krok
refused-guarantee-move = Tego kroku nie można wykonać, gdy gwarancja ma stan „{ $stage }”.
refused-stale = Jest inaczej niż wtedy, gdy ta strona została otwarta. Proszę sprawdzić, co jest teraz; ponowne zapisanie to zastąpi.
refused-unchanged = Treść jest taka sama jak dotąd, więc nie ma z czego zrobić nowej wersji.
refused-retired = Ta gwarancja jest wycofana. Nie można już zmienić jej treści.
refused-no-place = Tej gwarancji nikt nie mógłby jeszcze sprawdzić. Najpierw dodaj miejsce.
refused-not-checked = Sprawdzeń nie przyjmuje się, gdy gwarancja ma stan „{ $stage }”.
refused-not-here = Tej gwarancji nie sprawdza się w tym miejscu.
refused-id-in-use = Pod tym samym numerem zapisano już inne sprawdzenie. Tamto zostaje; tego nie zapisano.
refused-check-unchanged = Sprawdzenie mówi to już teraz, więc nie ma czego poprawiać.
refused-check-no-photos = Do tego nie wolno dołączać zdjęcia. Zapisz to bez niego.
refused-check-same-photo = To zdjęcie jest już tutaj, przy innym sprawdzeniu. Zrób nowe.
refused-check-not-yours = To sprawdzenie zrobił ktoś inny. Zostanie w tym telefonie, aż ta osoba się tu zaloguje i je wyśle.
refused-check-missed = Nikt nie sprawdził na czas i tak zostaje w rejestrze. Zapisz, co widzisz teraz.
refused-check-void = Zamiast tego liczy się inne sprawdzenie: zrobiono je na czas, a dotarło później, albo zrobiono je w tym samym czasie. Popraw tamto.
refused-check-taken-back = To sprawdzenie cofnięto, więc już się nie liczy. Zapisz nowe.
refused-check-broken-stays = Złamanej obietnicy nie można cofnąć. Podaj, co naprawdę zastano.
refused-check-stands-instead = Inne sprawdzenie z tego samego czasu cofnięto, bo liczy się to. Podaj, co naprawdę zastano.
refused-recovery-move = Tego kroku nie można wykonać, gdy naprawa ma stan „{ $stage }”.
refused-not-the-customer = Na to może odpowiedzieć tylko klient. Wyślij mu link.
refused-nobody-to-ask = Nie znamy tu klienta, którego można by zapytać.
refused-ask-the-customer = Klient jest znany, więc rejestr nie może mówić za niego. Zapytaj go.
refused-forgotten = Klient jest zapomniany, więc nikogo nie można zapytać i nic nie mówi za niego. Naprawa kończy się tym, co już odpowiedział, albo jako „bez odpowiedzi”.
refused-too-little-record = { $needed ->
    [one] Rejestr może przemówić po { $needed } sprawdzeniu z wynikiem „dotrzymana”; na razie jest ich { $kept }.
   *[many] Rejestr może przemówić po { $needed } sprawdzeniach z rzędu z wynikiem „dotrzymana”; na razie jest ich { $kept }.
  }
refused-still-time = Klient ma czas na odpowiedź do { $until }.
refused-link-ended = Link klienta wygasł, więc nie może on odpowiedzieć. Utwórz nowy i go wyślij: klient będzie miał na odpowiedź tydzień.
refused-answered-already = Na to już odpowiedziano. Liczy się pierwsza odpowiedź.
refused-nothing-asked = Nie ma tu otwartego pytania.
refused-no-apology = Przeprosiny wobec klienta biorą odpowiedzialność i proponują naprawienie szkody. Uzupełnij to, czego brakuje.
refused-role-too-high = Roli „{ $role }” nie możesz nadać ani odebrać. Poproś właściciela.
refused-site-access-too-wide = To sięga dalej niż Twój dostęp. Poproś osobę, która ma dostęp wszędzie.
refused-last-owner = Firma potrzebuje właściciela. Najpierw nadaj tę rolę komuś innemu.
refused-already-a-member = To konto ma już dostęp.
refused-invite-invalid = To zaproszenie wykorzystano, cofnięto albo wygasło.
refused-role-unchanged = Tak już jest, więc nie ma czego zmieniać.
refused-obstacle-left = Sprawdzenie zostało od tego czasu skorygowane, więc tej przeszkody nie ma już na liście. Nie wymaga odpowiedzi.
refused-own-check = To sprawdzenie jest Twoje. Drugi raz patrzy ktoś inny.
refused-second-look-given = To drugie spojrzenie jest zakończone: zostaje to, co z niego wynikło.

## Strony, które mówią, dlaczego strony nie ma: co się stało, co zostało zachowane, co zrobić
not-found-title = Pod tym adresem nic nie ma
not-found-happened = Tej strony nigdy tu nie było albo nie masz do niej dostępu.
not-found-kept = Nic się nie zmieniło.
not-found-next = Sprawdź adres albo wróć na początek.

gone-title = Tej firmy już tu nie ma
gone-happened = Właściciel usunął ją razem ze wszystkim, co w niej było.
gone-kept = To, co właśnie wysłano, nie zostało zapisane.
gone-next = Jeśli masz tu wstęp do innej firmy, zaloguj się ponownie i działaj w niej dalej.

forbidden-title = Twoja rola na to nie pozwala
forbidden-happened = Masz tu konto, ale potrzebna jest inna rola.
forbidden-kept = Nic się nie zmieniło.
forbidden-next = Poproś właściciela, żeby to zrobił albo zmienił Twoją rolę.
no-business-title = Żadna firma Cię nie wpuszcza
no-business-happened = To jest Twoje hasło, ale nikt Cię tu nie wpuszcza albo już nie wpuszcza.
no-business-kept = Wszystko, co zapisano wcześniej, zostaje bez zmian.
no-business-next = Zapytaj osobę, która dała Ci dostęp.

signed-out-title = Nie zalogowano Cię
signed-out-happened = Logowania jeszcze nie było albo już wygasło.
signed-out-kept = Nic się nie zmieniło.
signed-out-next = Zaloguj się, a wrócisz na tę samą stronę. To, co było wpisane, znów tam będzie, chyba że przeglądarka ma wyłączone skrypty.

conflict-title = W międzyczasie coś się tu zmieniło
conflict-happened = Ktoś był tu wcześniej – albo Ty w innym oknie – i to, co wysłano, już nie pasuje.
conflict-kept = To, co zapisano wcześniej, pozostaje bez zmian. Ostatnio wysłanych danych nie zapisano.
conflict-next = Wróć, odśwież stronę i zobacz, jak jest teraz.

too-many-title = Zbyt wiele prób
too-many-happened = W krótkim czasie było zbyt wiele prób, z tego miejsca albo od wielu osób naraz.
too-many-kept = Wszystko, co zapisano wcześniej, jest bez zmian. To, co właśnie wysłano, nie zostało zapisane.
too-many-next = { $seconds ->
    [one] Odczekaj { $seconds } sekundę, wróć i wyślij jeszcze raz.
    [few] Odczekaj { $seconds } sekundy, wróć i wyślij jeszcze raz.
   *[other] Odczekaj { $seconds } sekund, wróć i wyślij jeszcze raz.
  }

unavailable-title = Rejestr jest teraz niedostępny
unavailable-happened = Baza danych jest zajęta, pełna albo nie odpowiada. Próbujemy dalej.
unavailable-kept = Wszystko, co potwierdzono wcześniej, jest bezpieczne. Ostatnio wysłanych danych nie zapisano.
unavailable-next = Odczekaj chwilę i wyślij jeszcze raz.

internal-title = Coś zawiodło po naszej stronie
internal-happened = To nie Twoja wina. Przyczynę zapisano dla osób, które prowadzą ten serwer.
internal-kept = Wszystko, co potwierdzono wcześniej, jest bezpieczne. Ostatnio wysłane dane mogły się nie zapisać.
internal-next = Wróć i sprawdź, zanim wyślesz jeszcze raz. Jeśli to się powtarza, powiedz właścicielowi.

## Czego serwer sam nie przyjmuje
refusal-cross-site-title = Ten formularz przyszedł z innej strony
refusal-cross-site-detail = Niczego nie zapisano. Otwórz Trialmark i wypełnij formularz tam.
refusal-too-large-title = To jest za duże
refusal-too-large-detail = Niczego nie zapisano. Naraz można wysłać najwyżej { $megabytes } MB; zmniejsz to i wyślij jeszcze raz.
refusal-too-slow-title = Trwało to za długo
refusal-too-slow-detail = Po 30 sekundach przestaliśmy czekać na odpowiedź. Odczekaj minutę, sprawdź, czy dane zapisano, i spróbuj jeszcze raz.
refusal-broken-title = Serwer popełnił błąd
refusal-broken-detail = Wysłane dane mogły się nie zapisać. Wróć, sprawdź i spróbuj jeszcze raz.

## Ostatnie dni
days-ago = { $count ->
    [one] { $count } dzień temu
   *[many] { $count } dni temu
  }
days-today = dziś
days-kept = dotrzymane
days-broken = złamane
days-missed = niesprawdzone
days-none = nic do sprawdzenia
days-as-table = Te same dni w tabeli
days-day = Dzień

## Czas
span-moment = mniej niż minuta
span-minutes = { $first } min
span-hours = { $first } godz.
span-hours-minutes = { $first } godz. { $second } min
span-days = { $first ->
    [one] { $first } dzień
   *[many] { $first } dni
  }
span-days-hours = { $first ->
    [one] { $first } dzień
   *[many] { $first } dni
  } { $second } godz.
ago-moment = przed chwilą
ago = { $span } temu
date-day = { $day } { $month } { $year }
date-weekday = { $weekday }, { $day } { $month }
weekday-1 = poniedziałek
weekday-2 = wtorek
weekday-3 = środa
weekday-4 = czwartek
weekday-5 = piątek
weekday-6 = sobota
weekday-7 = niedziela
month-1 = stycznia
month-2 = lutego
month-3 = marca
month-4 = kwietnia
month-5 = maja
month-6 = czerwca
month-7 = lipca
month-8 = sierpnia
month-9 = września
month-10 = października
month-11 = listopada
month-12 = grudnia
month-short-1 = sty
month-short-2 = lut
month-short-3 = mar
month-short-4 = kwi
month-short-5 = maj
month-short-6 = cze
month-short-7 = lip
month-short-8 = sie
month-short-9 = wrz
month-short-10 = paź
month-short-11 = lis
month-short-12 = gru

## Co pokazujemy raz
secret-copy = Kopiuj
secret-copied = Skopiowano.
secret-qr-code = Link jako kod QR do zeskanowania telefonem
secret-no-longer-shown = Pokazaliśmy to raz, osobie, która to utworzyła. Przechowujemy tylko skrót, więc nie możemy pokazać tego ponownie.
secret-renew-lead = Możesz utworzyć nowy link. Stary od razu przestanie działać.
secret-renew = Utwórz nowy link

## Co zostało wpisane
forms-restored = Przywróciliśmy to, co było tu wpisane. Nie jest jeszcze zapisane.
forms-discard = Odrzuć

# A long list in parts.
list-older = Starsze
list-newest = Wróć do najnowszych
pages-label = Części listy
pages-shown = { $from }–{ $to } z { $all }
pages-previous = Poprzednie
pages-next = Następne
