# Drugi krok przy logowaniu.

factors-title = Weryfikacja dwuetapowa
factors-headline-on = Twoje konto chroni weryfikacja dwuetapowa.
factors-headline-off = Twoje konto chroni tylko hasło.
factors-headline-must = Twoja firma wymaga weryfikacji dwuetapowej.
factors-lead = Przy logowaniu używasz też czegoś, co masz: telefonu albo klucza bezpieczeństwa. Samo hasło nie wystarczy, aby się zalogować.
factors-account = Wróć do konta
factors-back = Wróć bez zmian
factors-app = Aplikacja z kodami
factors-app-off = Wystarczy dowolna aplikacja z kodami jednorazowymi. Działa bez zasięgu.
factors-app-on = Aplikacja jest ustawiona. Przy logowaniu wpisz sześć cyfr, które pokazuje.
factors-app-set-up = Ustaw aplikację
factors-app-renew-ask = Przenieś na inny telefon
factors-app-renew = Pokaż nowy sekret
factors-app-remove-ask = Usuń aplikację
factors-app-remove = Usuń aplikację
factors-app-title = Ustaw aplikację
factors-app-headline = Zeskanuj to w aplikacji.
factors-app-lead = Zeskanuj w aplikacji kod QR, a potem wpisz sześć cyfr, które pokaże. Do tego czasu nic się nie zmienia.
factors-app-code = Sekret jako kod QR dla aplikacji
factors-app-typed = Albo wpisz w aplikacji:
factors-app-code-hint = Sześć cyfr. Zmieniają się co trzydzieści sekund.
factors-app-confirm = Potwierdź kod
factors-code = Kod
factors-passkeys = Klucze dostępu
factors-passkeys-lead = Telefon, komputer albo klucz bezpieczeństwa loguje Cię odciskiem palca, twarzą lub PIN-em. Niczego nie wpisujesz.
factors-passkeys-script = Dodanie klucza wymaga JavaScriptu, a w tej przeglądarce jest wyłączony.
factors-passkeys-unnamed = Klucze dostępu wymagają nazwy hosta, a ta instalacja ma tylko adres IP. Nazwę może jej nadać osoba, która ją prowadzi.
factors-passkey-name = Nazwa klucza
factors-passkey-name-hint = Żeby go później rozpoznać. Na przykład: mój telefon.
factors-passkey-add = Dodaj klucz
factors-passkey-since = od: { $since }
factors-passkey-used = użyty { $ago }
factors-passkey-remove-ask = Usuń: { $name }
factors-passkey-remove = Usuń ten klucz
factors-codes = Kody zapasowe
factors-codes-left = { $left ->
    [0] Nie został żaden kod. Utwórz nowe teraz, zanim będą potrzebne.
    [one] Został jeden kod. Każdy działa raz, gdy stracisz telefon albo klucz.
    [few] Zostały { $left } kody. Każdy działa raz, gdy stracisz telefon albo klucz.
   *[other] Zostało { $left } kodów. Każdy działa raz, gdy stracisz telefon albo klucz.
  }
factors-codes-renew-ask = Utwórz nowe kody
factors-codes-renew = Utwórz nowe kody i unieważnij stare
factors-codes-title = Kody zapasowe
factors-codes-headline = Wydrukuj te kody albo je zapisz.
factors-codes-lead = Widać je przez dziesięć minut, tylko w tej przeglądarce. Gdy stracisz telefon albo klucz, każdy kod pozwala zalogować się jeden raz.
factors-codes-saved = Kody są zapisane

## Przy drzwiach
second-step-title = Weryfikacja dwuetapowa
second-step-code-hint = Sześć cyfr z aplikacji albo jeden z kodów zapasowych.
second-step-recovery = Kod zapasowy
second-step-recovery-hint = Sześć grup po cztery znaki, z zapisanych kodów.
second-step-submit = Zaloguj się
second-step-passkey = Użyj klucza dostępu
second-step-help = Nie masz już żadnej z tych rzeczy? Pomoże osoba, która prowadzi ten serwer.

## Kogo dotyczy
required-title = Weryfikacja dwuetapowa według ról
required-headline = { $count ->
    [0] Żadna rola nie wymaga weryfikacji dwuetapowej.
    [one] Jedna rola wymaga weryfikacji dwuetapowej.
    [few] { $count } role wymagają weryfikacji dwuetapowej.
   *[other] { $count } ról wymaga weryfikacji dwuetapowej.
  }
required-lead = Osoby w tych rolach, które jej jeszcze nie ustawiły, zostaną o to poproszone przy następnym kliknięciu.
required-roles = Role, które wymagają weryfikacji dwuetapowej
