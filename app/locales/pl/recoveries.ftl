# Naprawy: lista i droga przez jedną z nich.

recoveries-title = Naprawy
recoveries-number = Nr { $number }

## Lista
recoveries-headline-open = { $count ->
    [0] Żadna naprawa nie jest otwarta.
    [1] Jedna naprawa jest otwarta.
    [2] Dwie naprawy są otwarte.
    [3] Trzy naprawy są otwarte.
    [4] Cztery naprawy są otwarte.
    [5] Pięć napraw jest otwartych.
    [few] { $count } naprawy są otwarte.
   *[many] { $count } napraw jest otwartych.
  }
recoveries-headline-ours = { $count ->
    [0] Żadna z nich nie czeka na nas.
    [1] Jedna z nich czeka na nas.
    [2] Dwie z nich czekają na nas.
    [3] Trzy z nich czekają na nas.
    [few] { $count } z nich czekają na nas.
   *[many] { $count } z nich czeka na nas.
  }
recoveries-headline-late = { $count ->
    [1] Jedna z nich jest spóźniona.
    [2] Dwie z nich są spóźnione.
    [3] Trzy z nich są spóźnione.
    [few] { $count } z nich są spóźnione.
   *[many] { $count } z nich jest spóźnionych.
  }
recoveries-show = Pokaż
recoveries-show-all = Wszystkie
recoveries-show-open = Otwarte
recoveries-show-late = Spóźnione
recoveries-show-closed = Zamknięte
recoveries-more = Dalsze otwarte
recoveries-older = Zamknięte wcześniej
recoveries-first = Wróć na początek
recoveries-open = Otwarte, od najpilniejszych
recoveries-closed = Zamknięte
recoveries-none-open = Nic nie jest otwarte. Każda złamana obietnica została doprowadzona do końca.
recoveries-none-late = Żadna z tych nie była spóźniona.
recoveries-none-closed = Żadnej jeszcze nie zamknięto.
recoveries-was-late = Nie dotrzymaliśmy własnego terminu
recoveries-all = Wszystkie: { $count }

## Co się stało, jako nagłówek
recoveries-not-kept = Nie tak, jak obiecano: „{ $criterion }”
recoveries-for-safety = Złamana celowo, dla bezpieczeństwa.
recoveries-other = Coś nie było tak, jak obiecano.

## Etapy i zakończenie
recoveries-stage-opened = otwarta, nikt jej jeszcze nie przejął
recoveries-stage-acknowledged = przyjęta
recoveries-stage-understood = zrozumiana
recoveries-stage-remedied = po zadośćuczynieniu
recoveries-stage-following-up = pytania po naprawie
recoveries-outcome-restored = zamknięta, zaufanie odzyskane
recoveries-outcome-restored-by-record = zamknięta, odzyskane dzięki rejestrowi
recoveries-outcome-partly = zamknięta, odzyskane częściowo
recoveries-outcome-not-restored = zamknięta, nieodzyskane
recoveries-outcome-no-answer = zamknięta, bez odpowiedzi

recoveries-check-corrected = Sprawdzenie później skorygowano: teraz mówi „{ $verdict }”. Złamana obietnica pozostaje widoczna publicznie, przekreślona, a tę naprawę trzeba jeszcze zamknąć. Podany powód:
recoveries-case-opened = Nikt jeszcze za to nie odpowiada.
recoveries-case-reopened = Otwarto ją ponownie i nikt jeszcze się nią nie zajął.
recoveries-case-question = Pytanie jest u klienta. Nasze terminy czekają na odpowiedź.
recoveries-case-update = Obiecaliśmy klientowi, że się odezwiemy. Powiedz mu, jak stoją sprawy.
recoveries-case-acknowledged = Przyjęte. Teraz trzeba zrozumieć, co się stało.
recoveries-case-understood = Wiemy, co się stało. Teraz trzeba to naprawić.
recoveries-case-remedied = Zadośćuczynienie dane. Czy znów jest dobrze, jeszcze nie wiemy.
recoveries-case-following-up = Zrobiliśmy swoje i czekamy na odpowiedź, która się liczy.
recoveries-case-lesson = Zamkniemy ją, gdy zapiszemy wnioski.
recoveries-case-link-ended = Klient nie może odpowiedzieć: jego link wygasł.
recoveries-case-silent = Nie ma odpowiedzi.
recoveries-case-watched = Zrobiliśmy swoje. Klient nie jest znany, więc liczą się kolejne sprawdzenia w tym miejscu.
recoveries-case-restored = Klient mówi, że jest naprawione, i daje nam jeszcze jedną szansę.
recoveries-case-restored-by-record = Klient nie jest znany. Tyle sprawdzeń z rzędu wypadło dobrze, że za zaufaniem przemawia rejestr.
recoveries-case-partly = Klient mówi, że jest dobrze tylko częściowo.
recoveries-case-not-restored = Klient mówi, że nie jest naprawione.
recoveries-case-no-answer = Klient nie odpowiedział. To nie sukces i liczy się osobno.

## Droga
recoveries-steps = Kroki tej naprawy
recoveries-step-acknowledge = Przyjąć
recoveries-step-acknowledged = Przyjęte
recoveries-step-understand = Zrozumieć
recoveries-step-understood = Zrozumiane
recoveries-step-solve = Naprawić
recoveries-step-solved = Naprawione
recoveries-step-follow-up = Zapytać
recoveries-step-followed-up = Zapytano
recoveries-step-close = Zamknąć
recoveries-step-closed = Zamknięte

recoveries-back = ‹ Naprawy
recoveries-beside = Obok
recoveries-read-only = Możesz to czytać. Kroki podejmuje pracownik, kierownik albo właściciel.
recoveries-typed = To, co wpisano, żeby nie przepadło
recoveries-say = Powiedz
recoveries-not = Nie mów
recoveries-yes = Tak
recoveries-no = Nie
recoveries-public = Widoczne publicznie. Bez nazwisk.
recoveries-inside = Dla nas, nie publicznie.
recoveries-personal = Dane osobowe: trzymane poza rejestrem, nigdy nie są publiczne.

## Co się stało
recoveries-what-happened = Co się stało
recoveries-known = Wiadomo od
recoveries-found-by-us = { $at }, zauważyliśmy sami
recoveries-found-by-customer = { $at }, powiedział nam klient
recoveries-note = Uwaga
recoveries-customer = Klient
recoveries-same-person = Ta sama osoba w innych sprawach:
recoveries-words = Słowami klienta
recoveries-sought = Co klient uzna za uczciwe
recoveries-promised = Obiecaliśmy
recoveries-promised-remedy = Jeśli nie dotrzymamy
recoveries-promised-late = I za nasze spóźnienie
recoveries-version = Oceniane według wersji { $version } treści, która już się nie zmienia.

## Jak mocnej odpowiedzi to wymaga
recoveries-tier = Dlaczego zalecamy taką reakcję
recoveries-tier-plain = Wystarczy zadośćuczynienie i szczere słowo.
recoveries-tier-raised = Samo zadośćuczynienie nie wystarczy: trzeba dodać coś od siebie, a jedna osoba prowadzi to do końca.
recoveries-tier-grave = Same przeprosiny nie wystarczą: dzwoni właściciel, jeszcze dziś.
recoveries-severity-minor = Drobne: irytuje, szybko się zapomina
recoveries-severity-major = Poważne: kosztowało czas, pieniądze lub nerwy
recoveries-severity-life-event = Kosztowało coś, czego nie da się odzyskać
recoveries-because-repeated = Tego samego klienta zawiedliśmy już wcześniej.
recoveries-because-first = Nie wiemy o wcześniejszej porażce wobec tego klienta.
recoveries-because-similar = { $count ->
    [0] Przez 30 dni przedtem nic podobnego się tu nie zdarzyło.
    [one] Przez 30 dni przedtem coś podobnego zdarzyło się tu raz.
    [few] Przez 30 dni przedtem coś podobnego zdarzyło się tu { $count } razy.
   *[many] Przez 30 dni przedtem coś podobnego zdarzyło się tu { $count } razy.
  }
recoveries-because-preventable = Mogliśmy temu zapobiec.
recoveries-because-unforeseeable = Nie mogliśmy tego przewidzieć.
recoveries-paradox-holds = Dobra naprawa może dać więcej zaufania, niż było przedtem, ale tylko gdy to pierwsza, drobna porażka, której nie dało się przewidzieć. Tak jest tutaj.
recoveries-paradox-fails = Dobra naprawa może dać więcej zaufania, niż było przedtem, tylko gdy to pierwsza, drobna porażka, której nie dało się przewidzieć. Tutaj tak nie jest: najwyżej odzyskamy to, co było, i wymaga to więcej niż zwykle.

## Zegary
recoveries-clocks = Nasze terminy
recoveries-clocks-how = Biegną w godzinach otwarcia i czekają, gdy pytanie jest po stronie klienta. Przekroczony termin zapisuje się publicznie.
recoveries-clock-acknowledge = przyjęcie
recoveries-clock-next-update = następna wiadomość
recoveries-clock-remedy = zadośćuczynienie
recoveries-clock-follow-up = pytania po naprawie
recoveries-due = Termin – { $clock }: { $at }
recoveries-left = jeszcze { $span }
recoveries-late-by = spóźnienie: { $span }
recoveries-one-day = {"{}"} dzień
recoveries-seconds = { $count } s
recoveries-with-customer = czekamy na klienta
recoveries-no-deadline = bez terminu: nie podano godzin otwarcia

## Czyj ruch
recoveries-turn-ours = czeka na nas
recoveries-turn-customer = czeka na klienta
recoveries-turn-record = czeka na dobre sprawdzenia
recoveries-met = dotrzymany, { $at }
recoveries-met-late = po terminie, { $at }
recoveries-not-needed = już niepotrzebne

## Dotychczas
recoveries-so-far = Dotychczas
recoveries-did-find = Zauważyliśmy sami
recoveries-did-hear = Powiedział nam klient
recoveries-did-acknowledge = Przyjęte
recoveries-did-understand = Zrozumiane
recoveries-did-update = Wiadomość dla klienta
recoveries-did-ask = Pytanie do klienta; nasze zegary czekają
recoveries-did-reply = Klient odpowiedział
recoveries-did-remedy = Zadośćuczynienie dane
recoveries-did-follow-up = Pytania wysłane do klienta
recoveries-did-watch = Obserwujemy rejestr
recoveries-did-answer = Odpowiedź klienta
recoveries-did-restore-by-record = { $kept ->
    [one] { $kept } dobre sprawdzenie z rzędu: przemówił rejestr
    [few] { $kept } dobre sprawdzenia z rzędu: przemówił rejestr
   *[many] { $kept } dobrych sprawdzeń z rzędu: przemówił rejestr
  }
recoveries-did-hear-nothing = Klient nie odpowiedział
recoveries-did-learn = Zapisane na przyszłość
recoveries-did-reopen = Otwarta ponownie
recoveries-did-miss = Nie dotrzymaliśmy terminu: { $clock }
recoveries-by-former = ktoś, kogo już tu nie ma
recoveries-by-program = program
recoveries-by-customer = klient
recoveries-next-by = Następna wiadomość do: { $at }
recoveries-assigned-to = Dalej prowadzi: { $name }
recoveries-beyond = Ponadto: { $gesture }
recoveries-cost-was = Koszt: { $cost }
recoveries-fixed-yes = Jest naprawione.
recoveries-fixed-partly = Jest naprawione częściowo.
recoveries-fixed-no = Nie jest naprawione.
recoveries-again-yes = Klient daje nam jeszcze jedną szansę.
recoveries-again-no = Klient nie daje nam kolejnej szansy.

## Co jeszcze trzeba, by zamknąć
recoveries-to-close = Trzy rzeczy potrzebne do zamknięcia
recoveries-answer-customer = Klient: czy znów jest dobrze?
recoveries-answer-record = Rejestr: czy obietnica jest znów dotrzymywana?
recoveries-answer-process = Proces: dlaczego to się stało i co usunie przyczynę?
recoveries-answer-employee = Pracownik: wysłuchany, doceniony, wsparty?
recoveries-given = jest odpowiedź
recoveries-missing = jeszcze brak
recoveries-watched = Dobre sprawdzenia z rzędu: { $kept } z { $needed }. Gdy będzie komplet, zaufanie uznamy za odzyskane na podstawie rejestru. Złamana obietnica zaczyna liczenie od nowa.

## Przyjąć
recoveries-do-acknowledge = Odpowiedz za to w swoim imieniu
recoveries-say-acknowledge = „Przepraszam. To był nasz błąd. Dopilnuję, żeby go naprawić, i odezwę się do czwartej.”
recoveries-not-acknowledge = „Przykro mi, że tak się Pan czuje.” · „Kierownik się do Pani odezwie.”
recoveries-owner = Kto za to odpowiada?
recoveries-owner-hint = Jedna osoba, aż do zamknięcia.
recoveries-who = Kogo zawiedliśmy?
recoveries-who-hint = Tylko jeśli sam to zgłosił. Jeśli żaden klient o tym nie wie, zostaw puste: wtedy rozstrzygną kolejne sprawdzenia w tym miejscu.
recoveries-customer-name = Imię i nazwisko
recoveries-customer-contact = Telefon lub e-mail
recoveries-customer-contact-hint = To też dane osobowe. Po tym samym kontakcie poznamy, że zawiedliśmy kogoś drugi raz.
recoveries-apology = Co powiedziano klientowi?
recoveries-apology-hint = Żal, wyjaśnienie, jeśli jest, i „ja”.
recoveries-apology-hint-unknown = Potrzebne, gdy wyżej podano klienta. Żal, wyjaśnienie, jeśli jest, i „ja”.
recoveries-responsibility = Bierze odpowiedzialność: nasz błąd, bez wymówek
recoveries-repair = Proponuje naprawę
recoveries-next-update = Kiedy najpóźniej odezwiemy się znowu?
recoveries-next-update-hint = Lepiej później i na pewno niż wcześnie i z poślizgiem.
recoveries-acknowledge = Przyjęte

## Zrozumieć
recoveries-do-understand = Wysłuchaj, potem powtórz
recoveries-say-understand = „Proszę opowiedzieć, co się stało. … Czy dobrze to rozumiem? Co byłoby uczciwe?”
recoveries-not-understand = „To niemożliwe.” · „Trzeba było powiedzieć od razu.”
recoveries-in-words = Co się stało, słowami klienta
recoveries-in-our-words = Co się stało
recoveries-words-hint = Dla nas, nie publicznie. Powtórz, aż klient powie: tak.
recoveries-fair = Co klient uzna za uczciwe?
recoveries-fair-hint = Zapytaj właśnie tak. Często to mniej, niż się obawiasz.
recoveries-severity = Jak mocno to dotknęło?
recoveries-preventable = Czy mogliśmy temu zapobiec?
recoveries-cause-so-far = Przyczyna, o ile już znana
recoveries-cause-so-far-hint = Dla nas, nie publicznie. Co, nie kto.
recoveries-understand = Zapisz, co się stało

## Naprawić
recoveries-do-remedy = Napraw, a potem zrób krok dalej
recoveries-asked-for = Klient prosi o:
recoveries-we-promised = Obiecaliśmy:
recoveries-and-late = I za nasze spóźnienie:
recoveries-say-remedy = „Daję to, co obiecaliśmy, od razu. I chcę jeszcze dodać…”
recoveries-not-remedy = „Nasze zasady mówią…” · „Zapytam kierownika.”
recoveries-correction = Co usuwa skutek od razu?
recoveries-remedy = Co dostał klient?
recoveries-gesture = A ponadto?
recoveries-gesture-hint = Drobny, osobisty, trafny gest. Nie jest publiczny.
recoveries-proactive = Zaproponowaliśmy to, zanim ktoś poprosił
recoveries-cost = Ile to kosztowało ({ $currency })?
recoveries-cost-hint = Jeśli wiadomo, zadośćuczynienie i gest razem. Nie jest publiczne.
recoveries-received = Kiedy klient to otrzymał?
recoveries-received-hint = Zostaw puste, jeśli właśnie teraz.
recoveries-give = Zapisz zadośćuczynienie

## Zapytać
recoveries-do-ask = Zapytaj, czy znów jest dobrze
recoveries-say-follow-up = „Wczoraj to naprawiliśmy. Czy jest dobrze? I czy dostaniemy jeszcze jedną szansę?”
recoveries-not-follow-up = „Uznajemy sprawę za załatwioną.”
recoveries-ask-lead = Dzień lub dwa po zadośćuczynieniu. Tworzymy prywatny link dla klienta; odpowie tylko on i tylko raz.
recoveries-make-link = Utwórz link
recoveries-do-watch = Obserwuj rejestr
recoveries-watch-lead = { $count ->
    [one] Nie znamy nikogo, kogo można by zapytać. Zamiast tego przemówi { $count } dobre sprawdzenie w tym miejscu.
    [few] Nie znamy nikogo, kogo można by zapytać. Zamiast tego przemówią { $count } dobre sprawdzenia z rzędu w tym miejscu.
   *[many] Nie znamy nikogo, kogo można by zapytać. Zamiast tego przemówi { $count } dobrych sprawdzeń z rzędu w tym miejscu.
  }
recoveries-watch = Obserwuj rejestr od teraz
recoveries-waits = Czekamy
recoveries-turn-ours-title = Teraz nasz ruch
recoveries-wait-customer = Link jest u klienta. Tylko klient może powiedzieć, że zaufanie wróciło.
recoveries-wait-lesson = Ta odpowiedź już jest. Aby zamknąć, zapisz niżej, czego się z tego uczymy.
recoveries-do-forgotten = Nikogo nie można już zapytać
recoveries-forgotten-lead = Klient jest zapomniany. Liczy się to jako „bez odpowiedzi”, nigdy jako sukces.
recoveries-wait-forgotten = Klient jest zapomniany: odpowiedź już nie nadejdzie. Zanotuj to niżej; liczy się jako „bez odpowiedzi”.
recoveries-link-title = Wyślij ten link klientowi
recoveries-link-to = Dla
recoveries-link = Prywatny link
recoveries-link-hint = Dotknij, aby zaznaczyć całość, i skopiuj.
recoveries-link-once = Pokazujemy go przez dziesięć minut, tylko w tej przeglądarce, i nie przechowujemy go w czytelnej postaci. Skopiuj go, zanim opuścisz tę stronę.
recoveries-link-customer-only = Nikt z zespołu nie może na niego odpowiedzieć. Liczy się pierwsza odpowiedź.
recoveries-link-done = Wysłane, dalej
recoveries-link-not-shown = Link dla klienta
recoveries-link-back = Wróć do tej naprawy
recoveries-do-new-link = Utwórz nowy link dla klienta
recoveries-new-link-lead = Jeśli link zaginął albo nie został wysłany, utwórz nowy. Stary przestanie działać.
recoveries-link-ended-lead = Link klienta wygasł: osoba, która go utworzyła, nie może już takich wysyłać albo go zakończyła. Dopóki nie utworzysz i nie wyślesz nowego, klient nie może odpowiedzieć.

## Zapisać
recoveries-do-learn = Zapisz to na przyszłość
recoveries-say-learn = „Co do tego doprowadziło i co to usunie? Dziękuję, że o tym mówisz. Jak się z tym czujesz?”
recoveries-not-learn = „Kto to zrobił?” · „To się nie powtórzy.”
recoveries-cause = Dlaczego to się stało?
recoveries-action = Co usuwa przyczynę?
recoveries-why-none = Jeśli nic: dlaczego?
recoveries-why-none-hint = Potrzebne tylko, gdy żadnej przyczyny nie usuwamy.
recoveries-employee = Pracownik, któremu się to zdarzyło
recoveries-heard = został wysłuchany: jak do tego doszło, co przeszkodziło
recoveries-thanked = usłyszał podziękowanie za to, że o tym mówi
recoveries-supported = dostał potrzebne wsparcie
recoveries-learn = Zapisz wnioski

## Co jeszcze można zrobić
recoveries-do-update = Powiedz klientowi, jak stoją sprawy
recoveries-told = Co powiedziano klientowi?
recoveries-told-hint = Dla nas, nie publicznie. Powiedz także, gdy nie ma nic nowego.
recoveries-update = Klient wie
recoveries-question-lead = Potrzebujesz czegoś od klienta, by ruszyć dalej? Dopóki pytanie jest u niego, nasze zegary czekają.
recoveries-question = Pytanie jest u klienta
recoveries-replied-lead = Pytanie jest u klienta. Nasze zegary czekają.
recoveries-replied = Klient odpowiedział
recoveries-do-no-answer = Klient nie odpowiada
recoveries-no-answer-lead = Siedem dni po wysłaniu linku można zanotować milczenie. Liczy się jako „bez odpowiedzi”, nigdy jako sukces.
recoveries-no-answer = Zanotuj: bez odpowiedzi
recoveries-do-reopen = To nie koniec: otwórz ponownie
recoveries-reopen-lead = Wszystko, co było, zostaje. Kroki i zegary zaczynają się od nowa.
recoveries-reopen-why = Dlaczego?
recoveries-reopen = Otwórz ponownie
