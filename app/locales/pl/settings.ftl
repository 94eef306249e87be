# Co firma mówi o sobie.

settings-title = Ustawienia
settings-headline = { $business }: odpowiada { $person }.
settings-lead = Co klienci widzą o firmie i w jakich godzinach biegną jej własne terminy.
settings-business = Firma
settings-name = Nazwa
settings-name-hint = Adres publiczny się nie zmienia, żeby żaden odnośnik nie przestał działać.
settings-zone = Strefa czasowa
settings-zone-hint = Na przykład Europe/Warsaw lub America/Chicago. Według niej liczone są dni i godziny otwarcia.
settings-currency = Waluta
settings-currency-hint = Trzy litery, na przykład PLN lub USD.
settings-language = Język strony publicznej
settings-language-hint = Dla czytelników, których przeglądarka nie prosi o żaden z naszych języków.
settings-contact = Kto odpowiada za obietnice
settings-contact-lead = Konkretna osoba, z imienia. Klienci ją widzą, razem z przynajmniej jednym sposobem kontaktu.
settings-contact-name = Imię i nazwisko
settings-contact-email = E-mail
settings-contact-phone = Telefon
settings-hours = Godziny otwarcia
settings-hours-lead = Zegary naprawy biegną tylko wtedy, gdy jest otwarte.
settings-hours-hint = Na przykład 06:00-22:00. Kilka przedziałów oddziel przecinkiem: 06:00-12:00, 13:00-22:00. Puste pole znaczy zamknięte, a 00:00-24:00 – otwarte całą dobę. Jeśli przez północ, zakończ jeden dzień o 24:00 i zacznij następny o 00:00.
settings-holidays = Dni wolne
settings-holidays-hint = Dni, w które jest zamknięte, każdy w osobnym wierszu, na przykład 2026-12-25.
settings-security = Dostęp i bezpieczeństwo
