# Początek i logowanie.

sign-in-title = Zaloguj się
sign-in-email = E-mail
sign-in-password = Hasło
sign-in-submit = Zaloguj się
sign-in-passkey = Zaloguj się kluczem dostępu
sign-in-passkey-wrong = Ten klucz nie jest tu znany albo przeglądarka go nie podała. Zaloguj się hasłem.
sign-in-wrong = Ten e-mail i to hasło do siebie nie pasują. Sprawdź jedno i drugie.
sign-in-help = Nie masz konta? Wpuści Cię właściciel firmy. Klienci konta nie potrzebują.

begin-title = Złóż obietnicę, której dotrzymasz
begin-lead = Zacznijmy od Twojej firmy. Podaj, jaka to firma i kto odpowiada za jej obietnice. Pierwsza gwarancja będzie następnym krokiem.
begin-name = Nazwa firmy
begin-slug = Adres publiczny
begin-slug-hint = Małe litery bez ogonków, cyfry i łączniki, na przykład prairie-stop. Puste pole: powstanie z nazwy. Później nie da się go zmienić, bo linki nie mogą przestać działać.
begin-zone = Strefa czasowa
begin-zone-hint = Na przykład Europe/Warsaw albo America/Chicago. Według niej liczą się dni i godziny otwarcia.
begin-currency = Waluta
begin-currency-hint = Trzy litery, na przykład PLN albo USD.
begin-language = Język strony publicznej
begin-person = Kto odpowiada za obietnice
begin-person-lead = Osoba z imienia i nazwiska. Klienci ją widzą, razem z co najmniej jednym sposobem kontaktu.
begin-contact-name = Twoje imię i nazwisko
begin-contact-email = Publiczny e-mail
begin-contact-phone = Publiczny numer telefonu
begin-contact-phone-hint = Wystarczy jedno z dwojga.
begin-sign-in = Jak się logujesz
begin-email = Twój e-mail
begin-email-hint = Tylko do logowania. Klienci go nie widzą.
begin-password-hint = Co najmniej 12 znaków. Trzy lub cztery niepowiązane słowa łatwo zapamiętać, a trudno odgadnąć.
begin-submit = Zacznij
