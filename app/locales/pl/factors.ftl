# Drugi krok przy logowaniu.

factors-title = Drugi krok
factors-headline-on = Samo Twoje hasło niczego nie otwiera.
factors-headline-off = Samo Twoje hasło otwiera wszystko, co Twoje.
factors-headline-must = Twoja firma wymaga drugiego kroku, zanim pójdziesz dalej.
factors-lead = Przy logowaniu pokazujesz wtedy także coś, co masz: telefon albo klucz. Kto pozna samo hasło, zostaje na zewnątrz.
factors-account = Wróć do konta
factors-back = Wróć bez zmian
factors-app = Aplikacja z kodami
factors-app-off = Wystarczy dowolna aplikacja z kodami jednorazowymi. Działa bez zasięgu.
factors-app-on = Gotowe: przy logowaniu wpisujesz sześć cyfr, które pokazuje.
factors-app-set-up = Ustaw
factors-app-renew-ask = Przenieś na inny telefon
factors-app-renew = Pokaż nowy sekret
factors-app-remove-ask = Zrezygnuj z aplikacji
factors-app-remove = Usuń aplikację
factors-app-title = Ustaw aplikację
factors-app-headline = Pokaż to aplikacji.
factors-app-lead = Niech aplikacja zeskanuje kwadratowy kod, a potem wpisz sześć cyfr, które pokaże. Do tego czasu nic się nie zmienia.
factors-app-code = Sekret jako kwadratowy kod dla aplikacji
factors-app-typed = Albo wpisz w aplikacji:
factors-app-code-hint = Sześć cyfr. Zmieniają się co trzydzieści sekund.
factors-app-confirm = Pokazuje właściwy kod
factors-code = Kod
factors-passkeys = Klucze dostępu
factors-passkeys-lead = Telefon, komputer albo klucz przy kluczach podpisuje za Ciebie: palcem, twarzą lub PIN-em. Z nim logujesz się bez wpisywania czegokolwiek.
factors-passkeys-script = Dodanie klucza wymaga JavaScriptu, a w tej przeglądarce jest wyłączony.
factors-passkeys-unnamed = Klucz dostępu jest dla nazwy, a ta instalacja ma tylko adres z cyfr. Nazwę może jej dać osoba, która ją prowadzi.
factors-passkey-name = Jak go nazwać?
factors-passkey-name-hint = Żeby go poznać. Na przykład: mój telefon.
factors-passkey-add = Dodaj klucz
factors-passkey-since = od: { $since }
factors-passkey-used = użyty { $ago }
factors-passkey-remove-ask = Usuń: { $name }
factors-passkey-remove = Usuń ten klucz
factors-codes = Kody ratunkowe
factors-codes-left = { $left ->
    [0] Nie został żaden. Utwórz nowe teraz, zanim będą potrzebne.
    [one] Został jeden. Każdy działa raz, gdy zginie telefon albo klucz.
    [few] Zostały { $left }. Każdy działa raz, gdy zginie telefon albo klucz.
   *[other] Zostało { $left }. Każdy działa raz, gdy zginie telefon albo klucz.
  }
factors-codes-renew-ask = Utwórz nowe
factors-codes-renew = Utwórz nowe kody; stare przestaną działać
factors-codes-title = Kody ratunkowe
factors-codes-headline = Schowaj je na papierze.
factors-codes-lead = Pokazujemy je przez dziesięć minut, tylko w tej przeglądarce. Gdy zginie telefon albo klucz, każdy z nich otwiera drzwi jeden raz.
factors-codes-saved = Są schowane

## Przy drzwiach
second-step-title = Drugi krok
second-step-code-hint = Sześć cyfr z aplikacji albo jeden z kodów ratunkowych.
second-step-recovery = Kod ratunkowy
second-step-recovery-hint = Sześć grup po cztery znaki, z odłożonej kartki.
second-step-submit = Dalej
second-step-passkey = Użyj klucza dostępu
second-step-help = Wszystko zginęło? Pomoże osoba, która prowadzi ten serwer.

## Kogo dotyczy
required-title = Kto robi drugi krok
required-headline = { $count ->
    [0] Nikt nie musi robić drugiego kroku.
    [one] Drugi krok robi jedna rola.
    [few] Drugi krok robią { $count } role.
   *[other] Drugi krok robi { $count } ról.
  }
required-lead = Kto ma jedną z tych ról, a nie ma jeszcze drugiego kroku, najpierw go ustawia: od następnego kliknięcia.
required-roles = Te role robią drugi krok
