# Problemy, gwarancje i ich wersje.

guarantees-title = Gwarancje
guarantees-headline = { $published ->
    [0] Żadna obietnica nie jest jeszcze publiczna.
    [one] Jedna obietnica jest publiczna.
    [2] Dwie obietnice są publiczne.
    [3] Trzy obietnice są publiczne.
    [4] Cztery obietnice są publiczne.
    [5] Pięć obietnic jest publicznych.
    [few] { $published } obietnice są publiczne.
   *[many] { $published } obietnic jest publicznych.
  }

## Co zrobić teraz
guarantees-next-first = Problem jest zapisany. Teraz złóż obietnicę, która na niego odpowiada.
guarantees-next-place = { $count ->
    [one] „{ $title }” to szkic: opublikuj, gdy będzie mieć miejsce.
    [few] { $count } gwarancje to szkice bez miejsca: wybierz, gdzie będą sprawdzane, a potem je opublikuj.
   *[many] { $count } gwarancji to szkice bez miejsca: wybierz, gdzie będą sprawdzane, a potem je opublikuj.
  }
guarantees-next-publish = { $count ->
    [one] „{ $title }” to szkic, który ma już miejsce: opublikuj, gdy słowa będą właściwe.
    [few] { $count } gwarancje to szkice z miejscem: opublikuj każdą, gdy słowa będą właściwe.
   *[many] { $count } gwarancji to szkice z miejscem: opublikuj każdą, gdy słowa będą właściwe.
  }
guarantees-next-trial = { $count ->
    [one] „{ $title }” jest w próbie: opublikuj, gdy potwierdzą ją sprawdzenia.
    [few] { $count } gwarancje są w próbie: opublikuj każdą, gdy potwierdzą ją sprawdzenia.
   *[many] { $count } gwarancji jest w próbie: opublikuj każdą, gdy potwierdzą ją sprawdzenia.
  }
guarantees-next-suspended = { $count ->
    [one] „{ $title }” jest zawieszona: przywróć ją albo wycofaj.
    [few] { $count } gwarancje są zawieszone: przywróć każdą albo wycofaj.
   *[many] { $count } gwarancji jest zawieszonych: przywróć każdą albo wycofaj.
  }
guarantees-next-go = Zobacz
guarantees-next-nothing = Nic tu na Ciebie nie czeka.

## Jeszcze nic nie ma
guarantees-begin-title = Najpierw problem, potem obietnica.
guarantees-begin-lead = Gwarancja, która coś znaczy, odpowiada na to, co dziś klientom nie wychodzi. To cztery krótkie kroki, a nic nie jest publiczne, dopóki tego nie opublikujesz.
guarantees-begin-problem = Problem.
guarantees-begin-problem-how = Co się nie udaje, słowami klienta; komu, a kogo to nie dotyczy.
guarantees-begin-promise = Obietnica.
guarantees-begin-promise-how = Co klient dostanie, gdzie i do kiedy – tak prosto, żeby każdy widział, czy jest dotrzymana.
guarantees-begin-remedy = Zadośćuczynienie.
guarantees-begin-remedy-how = Co klient dostanie, gdy nie jest dotrzymana, bez dyskusji.
guarantees-begin-places = Miejsca.
guarantees-begin-places-how = Gdzie Twój zespół sprawdza to na co dzień.
guarantees-begin-name = W XIX wieku J.R. Watkins odlewał w butelkach z mazidłem kreskę próbną: zużyj do kreski, a jeśli nie pomoże, zwracamy pieniądze. Każdy widział, czy obietnica jest dotrzymana.
guarantees-ask-the-owner = Nie ma jeszcze żadnej gwarancji. Tworzy je właściciel albo kierownik.

## Problem
guarantees-problem = Problem klienta
guarantees-problem-new = Zapisz problem
guarantees-problem-more = Zapisz kolejny problem
guarantees-problem-headline = Co nie wychodzi Twoim klientom?
guarantees-problem-lead = Zanim obiecasz, posłuchaj: najlepsze są słowa, których użył klient. Problem stoi na stronie publicznej nad obietnicą.
guarantees-problem-words = Problem słowami klienta
guarantees-problem-words-hint = Jedno lub dwa zdania, tak jak opowiada się znajomym. Na przykład: „W długiej trasie z dziećmi nigdy nie wiemy, czy z następnej toalety da się skorzystać”. Albo: „Kupiłam mazidło, które nic nie dało, a pieniądze przepadły”.
guarantees-problem-for-whom = Dla kogo go rozwiązujesz
guarantees-problem-for-whom-hint = Na przykład: dla rodzin w długiej trasie. Albo: dla każdego, kto kupuje butelkę po raz pierwszy.
guarantees-problem-not-for-whom = Dla kogo nie (nieobowiązkowe)
guarantees-problem-not-for-whom-hint = Kto umie odmówić, ten dotrzymuje słowa. Na przykład: nie dla ciężarówek o więcej niż dwóch osiach, bo nie mamy na nie miejsca. Albo: nie dla sklepów, które odsprzedają butelki.
guarantees-problem-save = Zapisz i złóż obietnicę
guarantees-for-whom = Dla kogo
guarantees-not-for-whom = Nie dla

## Tworzenie gwarancji
guarantees-new = Utwórz gwarancję
guarantees-new-first = Złóż obietnicę, która na to odpowiada
guarantees-new-more = Kolejna obietnica na ten problem
guarantees-new-headline = Co obiecujesz?
guarantees-new-lead = Pisz tak, jak mówisz do klienta przy ladzie. Zapisze się szkic: nikt z zewnątrz go nie zobaczy, dopóki go nie opublikujesz.
guarantees-new-save = Zapisz szkic
guarantees-part-promise = Obietnica
guarantees-part-remedy = Gdy nie jest dotrzymana
guarantees-part-terms = Jak szybko to naprawiasz
guarantees-part-terms-lead = To obietnica stojąca za obietnicą. Jej niedotrzymanie też jest odnotowywane publicznie.
guarantees-part-where = Gdzie obowiązuje
guarantees-field-title = Nazwa
guarantees-hint-title = Kilka słów, które zmieszczą się na szyldzie. Na przykład: Czyste toalety. Albo: Kreska próbna, zwrot pieniędzy.
guarantees-field-promise = Obietnica
guarantees-hint-promise = Co klient dostanie, gdzie i do kiedy, w jednym wierszu. Na przykład: „Czysta toaleta na każdym postoju, w dzień i w nocy”. Albo: „Zużyj do kreski; jeśli nie pomoże, zwracamy pieniądze”.
guarantees-field-criteria = Jak wygląda „dotrzymana”
guarantees-hint-criteria = W każdym wierszu jedna rzecz, którą każdy może zobaczyć; wystarczy od trzech do siedmiu. Na przykład: „Podłoga sucha, bez papierów” i „Mydło i ręczniki przy każdej umywalce”. Albo: „Kreska na butelce jest czytelna” i „Pieniądze w ręku w pięć minut”.
guarantees-field-mark = Próg
guarantees-label-mark = Próg, w procentach
guarantees-hint-mark = Jak często zobowiązujesz się dotrzymać słowa, od 50 do 100, ustalone przed pierwszymi wynikami. Powyżej progu obietnica jest spełniana, poniżej strona mówi o tym wprost. 95 pasuje do toalet, z których korzystają setki osób; 99 do zwrotu pieniędzy.
guarantees-field-remedy = Zadośćuczynienie
guarantees-hint-remedy = Co klient dostanie, bez dyskusji. Na przykład: „Sprzątamy od ręki, a kawa jest na nasz koszt”. Albo: „Zwrot pieniędzy, a butelka zostaje u Ciebie”.
guarantees-field-conditions = Warunki
guarantees-label-conditions = Warunki (nieobowiązkowe)
guarantees-hint-conditions = Im mniej, tym lepiej, a innych nie ma. Na przykład: „Jedna kawa na wizytę”. Albo: „W butelce zostało więcej niż do kreski”.
guarantees-field-how-to-claim = Jak z niej skorzystać
guarantees-hint-how-to-claim = Najprościej, jak się da. Na przykład: „Powiedz komukolwiek przy ladzie; wierzymy na słowo”. Albo: „Przynieś lub odeślij butelkę, paragon nie jest potrzebny”.
guarantees-field-acknowledge = Odpowiadamy w ciągu
guarantees-label-acknowledge = Odpowiadamy w ciągu (w minutach)
guarantees-hint-acknowledge = Od złamania obietnicy do chwili, gdy ktoś z imienia weźmie za to odpowiedzialność. Czas biegnie tylko w godzinach otwarcia. 60 to godzina.
guarantees-field-remedy-minutes = Naprawiamy w ciągu
guarantees-label-remedy-minutes = Naprawiamy w ciągu (w minutach)
guarantees-hint-remedy-minutes = Od złamania obietnicy do chwili, gdy klient ma swoje zadośćuczynienie. Czas biegnie tylko w godzinach otwarcia. 480 to osiem godzin otwarcia, czyli w większości sklepów jeden dzień.
guarantees-field-late-remedy = A jeśli się z tym spóźnimy
guarantees-hint-late-remedy = Co klient dostanie dodatkowo, gdy nie dotrzymasz własnego czasu. Na przykład: „Druga kawa i telefon od kierownika”. Albo: „Jeszcze jedna butelka za darmo”.
guarantees-field-proof = Dotrzymane sprawdzenia, które przywracają zaufanie
guarantees-hint-proof = Gdy pierwszy zauważy to Twój zespół, nie ma klienta, którego można zapytać. Wtedy przemawia tyle dotrzymanych sprawdzeń z rzędu w tym miejscu. Zwykle wystarczy 5.
guarantees-slug = Adres publiczny (nieobowiązkowy)
guarantees-slug-hint = Koniec odnośnika: małe litery bez ogonków, cyfry i łączniki, na przykład czyste-toalety. Puste pole znaczy, że powstanie z nazwy. Później nie da się go zmienić.
guarantees-opening-time = { $span } w godzinach otwarcia

## Rady
guarantees-advice-title = Zanim stanie się publiczna
guarantees-advice-lead = To rady, nie reguły: możesz zapisać tak, jak jest.
guarantees-advice-vague = „{ $words }” dla każdego znaczy co innego. Powiedz, co klient dostanie – coś, co da się zobaczyć lub policzyć.
guarantees-advice-effort = „{ $words }” obiecuje starania. Obiecaj wynik.
guarantees-advice-soon = „{ $words }” to nie jest termin. Powiedz, do kiedy: w dziesięć minut, do południa.
guarantees-advice-unbounded = Ani liczby, ani czasu, ani okazji: kiedy klient mógłby powiedzieć, że jej nie dotrzymano? Powiedz co, gdzie i do kiedy.
guarantees-advice-unseen = „{ $words }” to ocena. Napisz, co każdy zobaczy: sucho, pełno, bez plam.
guarantees-advice-too-many = Więcej niż siedem wierszy nie mieści się na ekranie telefonu i nikt ich nie czyta. Zostaw to, co zauważają klienci.
guarantees-advice-no-room = Próg 100 nie zostawia miejsca na ani jeden zły dzień, a pierwszy taki dzień stawia Cię poniżej progu na miesiąc. Ustaw taki, który utrzymasz i z którego zespół może być dumny.
guarantees-advice-hedged = „{ $words }” zostawia Ci furtkę, a klienci to słyszą. Powiedz wprost, co dostaną; na warunki jest osobne pole.

## Jedna gwarancja
guarantees-mark-of = Próg: { $mark }
guarantees-is-draft = Szkic: nikt z zewnątrz go nie widzi i nikt go jeszcze nie sprawdza.
guarantees-is-trial = W próbie: Twój zespół ją sprawdza, a nikt z zewnątrz jej nie widzi.
guarantees-is-published = Obowiązuje: każdy może ją przeczytać i zobaczyć, jak jest dotrzymywana.
guarantees-is-suspended = Zawieszona: strona publiczna mówi, że na razie nie obowiązuje, a sprawdzeń nie przyjmujemy.
guarantees-is-retired = Wycofana: niczego już nie obiecuje. Jej rejestr pozostaje publiczny.
guarantees-public-page = Zobacz jej stronę publiczną
guarantees-try = Wypróbuj po cichu
guarantees-try-means = Twój zespół ją sprawdza, nikt z zewnątrz jej nie widzi. Tak najlepiej się przekonać, czy próg da się utrzymać.
guarantees-publish = Opublikuj
guarantees-publish-means = Od razu każdy może ją przeczytać. Odtąd pozostaje na widoku, cokolwiek się stanie.
guarantees-suspend = Zawieś
guarantees-suspend-means = Mówi publicznie, że na razie nie obowiązuje. Do przywrócenia nie przyjmujemy sprawdzeń.
guarantees-resume = Przywróć
guarantees-resume-means = Sprawdzenia są znów przyjmowane, a klienci mogą na nią liczyć.
guarantees-retire = Wycofaj
guarantees-retire-means = Kończy ją na zawsze. To, co się wydarzyło, zostaje w rejestrze.
guarantees-move-needs-place = Zanim trafi na próbę albo zacznie obowiązywać, potrzebuje miejsca: obietnica, której nikt nie może sprawdzić, nie jest obietnicą.
guarantees-move-choose-place = Wybierz miejsce
guarantees-retire-headline = Wycofać „{ $title }” na zawsze?
guarantees-retire-keeps = Wyniki, złamane obietnice i to, co z nimi zrobiono, zostają w rejestrze i każdy może je przeczytać. Nie da się jej przywrócić; możesz utworzyć nową.
guarantees-retire-yes = Tak, wycofaj
guarantees-retire-no = Nie, zostaw

## Gdzie
guarantees-places = Miejsca
guarantees-places-hint = Zaznacz każde miejsce, w którym klient może na nią liczyć i do którego zajrzy Twój zespół.
guarantees-places-none = Nie ma jeszcze żadnych miejsc. Szkic może na nie poczekać.
guarantees-places-add = Dodaj miejsca
guarantees-places-save = Zapisz miejsca
guarantees-promised-nowhere = jeszcze nigdzie
guarantees-promised-elsewhere = w żadnej z Twoich lokalizacji
guarantees-promised-at = { $places ->
    [one] { $places } miejsce
    [few] { $places } miejsca
   *[many] { $places } miejsc
  } w { $sites ->
    [one] { $sites } lokalizacji
   *[many] { $sites } lokalizacjach
  }

## Wersje
guarantees-versions = Historia wersji
guarantees-version = Wersja { $number }
guarantees-version-since = od { $moment }
guarantees-version-first = Pierwsze brzmienie.
guarantees-before = Było:
guarantees-after = Jest:
guarantees-wording = Nowe brzmienie
guarantees-wording-headline = Nowe słowa dla „{ $title }”
guarantees-wording-version = Zapisanie tworzy wersję { $number }. Każdy dotychczasowy wynik zachowuje słowa, według których go oceniono.
guarantees-wording-public = Będzie publiczna od razu, z pokazaną różnicą.
guarantees-wording-save = Zapisz nowe brzmienie
guarantees-wording-publish = Opublikuj nowe brzmienie
