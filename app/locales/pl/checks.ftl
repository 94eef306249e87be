# Ekran sprawdzenia, lista sprawdzeń i poprawianie pomyłek.

checks-title = Sprawdzenia
checks-today = ‹ Dziś
checks-others = Inne obietnice w tym miejscu
checks-which = Co chcesz tu sprawdzić?
checks-nothing-here = W tym miejscu nie sprawdza się teraz żadnej obietnicy.
checks-read-only = Możesz to czytać. Sprawdzenia zapisuje pracownik, kierownik albo właściciel.

checks-last = Ostatnio: { $verdict }, { $ago }
checks-never = Nikt jeszcze nie sprawdził.

## Odpowiedzi
checks-kept = Dotrzymana
checks-kept-more = wszystko jak obiecano
checks-broken = Złamana
checks-broken-more = powiedz co, od razu zaczniemy naprawiać
checks-could-not = Nie dało się sprawdzić
checks-for-safety = Złamana dla bezpieczeństwa
checks-back = ‹ Wróć do pytania

checks-what-broke = Co nie było tak, jak obiecano?
checks-reason = Co to było?
checks-reason-safety = Złamana celowo, dla bezpieczeństwa
checks-reason-other = Coś innego
checks-reason-earlier = Wiersz z wcześniejszej treści
checks-found-by = Kto zauważył pierwszy?
checks-found-by-us = My
checks-found-by-customer = Powiedział nam klient
checks-obstacle = Co stanęło na przeszkodzie?
checks-obstacle-hint = Tylko jeśli coś stanęło. Czyta to właściciel; nikt nie użyje tego przeciwko Tobie.
checks-obstacle-none = Nic albo nie wiem
checks-obstacle-tools = Narzędzia lub sprzęt
checks-obstacle-policy = Nasza własna zasada
checks-obstacle-staffing = Za mało ludzi
checks-obstacle-training = Nikt nam nie pokazał, jak to robić
checks-obstacle-supplier = Dostawca
checks-obstacle-other-department = Inny dział
checks-note = Uwaga, jeśli się przyda
checks-note-hint = Dla nas, nie publicznie. Bez nazwisk.
checks-log-broken = Zapisz jako złamaną

checks-safety-title = Bezpieczeństwo ludzi jest najważniejsze.
checks-safety-lead = Obietnica została złamana celowo, żeby nikomu nic się nie stało. Tak trzeba było zrobić i dokładnie tak to zapiszemy.
checks-safety-note = Jakie było zagrożenie, jeśli chcesz o tym napisać
checks-log-safety = Zapisz jako złamaną dla bezpieczeństwa

checks-not-applicable-title = Nie dało się sprawdzić.
checks-not-applicable-lead = Zamknięte, nieczynne, zablokowane: wtedy nie liczy się ani jako dotrzymana, ani jako złamana.
checks-not-applicable-note = Dlaczego nie dało się sprawdzić?
checks-log-not-applicable = Zapisz, że nie dało się sprawdzić

## Co się dzieje z odpowiedzią
checks-sending = Wysyłanie…
checks-waiting = Jeszcze nie zapisano: połączenie jest słabe albo go nie ma. Odpowiedź czeka tutaj i zostanie wysłana ponownie sama. Nie zamykaj tej strony.
checks-send-now = Wyślij teraz
checks-rejected = Nie zapisano; to, co wpisano, nadal tu jest.
checks-thanks-kept = Zapisano. Dziękujemy.
checks-thanks-broken = Zapisano. Dziękujemy, że o tym mówisz. Zaczęliśmy to naprawiać.
checks-thanks-not-applicable = Zapisano, że nie dało się sprawdzić. Dziękujemy.
checks-undo = Cofnij
checks-undone = Cofnięto. Dotknięcie zostaje w rejestrze, przekreślone. Jak jest naprawdę?
checks-undo-reason = Dotknięto przez pomyłkę i od razu cofnięto.
checks-to-recovery = Przejdź do naprawy
checks-thanks-obstacle = To, co stanęło na przeszkodzie, przeczyta właściciel i na to odpowie. Twojego nazwiska tam nie ma.
checks-to-board = Zobacz odpowiedzi
checks-next = Dalej
checks-again = Sprawdź tu jeszcze raz
checks-to-correction = To była pomyłka? Popraw

## Kod wpisany ręcznie
checks-code-title = Które to miejsce?
checks-code = Kod z etykiety
checks-code-hint = Sześć znaków pod kwadratowym kodem.
checks-code-go = Przejdź do sprawdzenia
checks-code-unknown = Nie ma tu miejsca o takim kodzie. Porównaj go z etykietą: O i 0, I i 1 można pomylić.

## Lista
checks-headline = Ostatnie sprawdzenia: { $kept } z { $all } z obietnicą dotrzymaną.
checks-headline-older = Te sprawdzenia: { $kept } z { $all } z obietnicą dotrzymaną.
checks-none = Niczego jeszcze nie sprawdzono.
checks-no-older = Nie ma starszych sprawdzeń.
checks-lead = Od najnowszych. Sprawdzenia nie zmienia się ani nie usuwa: pomyłka zostaje przekreślona, a obok stoi to, co właściwe.
checks-corrected-to = poprawiono na
checks-corrected-why = Podany powód:
checks-correct = Popraw
checks-arrived = dotarło później: { $at }
checks-older = Starsze sprawdzenia
checks-newest = Wróć do najnowszych

## Poprawianie pomyłki
checks-correct-title = Popraw sprawdzenie
checks-to-list = ‹ Sprawdzenia
checks-correct-was = Jest zapisane: { $verdict } ({ $at }).
checks-correct-lead = Zostanie widoczne, przekreślone, a obok stanie poprawka i jej powód.
checks-correct-verdict = Jak jest naprawdę?
checks-correct-broken-hint = to otwiera naprawę
checks-correct-not-applicable-hint = nie dało się sprawdzić
checks-correct-taken-back-hint = dotknięto przez pomyłkę: sprawdzenie znowu czeka
checks-correct-why = Skąd pomyłka?
checks-public-hint = Widoczne publicznie. Bez nazwisk.
checks-correct-note = Uwaga
checks-correct-note-hint = Dla nas, nie publicznie. Potrzebna, jeśli nie dało się sprawdzić: napisz dlaczego.
checks-correct-if-broken = Jeśli obietnica była złamana
checks-choose = Wybierz
checks-correct-save = Dodaj poprawkę
checks-code-replaced = { $place } ({ $site }) ma nowy kod: ten już niczego nie otwiera.
checks-several = Kilka dotrzymanych naraz
checks-several-which = Sprawdzone i dotrzymane
checks-several-do = Zapisz wszystkie jako dotrzymane
checks-several-done = { $count ->
    [one] Jedną obietnicę zapisano jako dotrzymaną. Dziękujemy.
    [few] { $count } obietnice zapisano jako dotrzymane, każdą osobno. Dziękujemy.
   *[many] { $count } obietnic zapisano jako dotrzymane, każdą osobno. Dziękujemy.
  }
checks-doubled = Ktoś inny sprawdził to samo w tej samej minucie: liczą się oba.
checks-skewed = Zegar telefonu był zły albo zmienił się po drodze: czas jest tak dokładny, jak się dało ustalić.
checks-saved = Zapisane w tym telefonie. Wyśle się samo, gdy tylko będzie zasięg; możesz iść dalej.
outbox-one = Jedno sprawdzenie czeka w tym telefonie na wysłanie.
outbox-several = Czekają w tym telefonie na wysłanie: { $count }.
outbox-age = Najstarsze od { $count } min.
outbox-signed-out = Zaloguj się, by wysłać to, co czeka: nic nie zginęło.
outbox-not-a-member = Nie można tego zapisać: nikt Cię już nie wpuszcza. Powiedz komuś wewnątrz, co widać było na miejscu.
outbox-of-others = Czekają tu też sprawdzenia kogoś innego ({ $count }), aż się zaloguje w tym telefonie.
outbox-refused = Nie przyjęto: { $count }
outbox-unclaimed = Zrobione tutaj, gdy nikt nie był zalogowany: { $count }. Czekają, aż ten, kto je zrobił, zaloguje się i je przejmie.
outbox-claim = To moje
outbox-edit = Popraw i wyślij jeszcze raz
outbox-note = Uwaga
outbox-picture = Inne zdjęcie
outbox-without-picture = Wyślij bez zdjęcia
outbox-send-again = Wyślij jeszcze raz
outbox-delete = Usuń
outbox-leave = Jeszcze nie wysłano: { $count }. Zostaną w tym telefonie i wyślą się, gdy się tu znowu zalogujesz. Wylogować mimo to?
outbox-full = W tym telefonie prawie nie ma już miejsca: zwolnij trochę, zanim zapiszesz więcej bez zasięgu.
checks-waits = { $verdict }, czeka w tym telefonie na wysłanie
signed-out-on-device = Nikt nie jest tu teraz zalogowany. Możesz dalej odpowiadać: to zostaje w tym telefonie i do nikogo nie należy, aż ktoś się zaloguje i to przejmie.
