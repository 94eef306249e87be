# Wpuszczanie osoby przez prywatny link.

## Wewnątrz
invites-new = Zaproś kogoś
invites-lead = Ta osoba dostaje prywatny link, ważny siedem dni i tylko dla niej. Hasło wybiera sama.
invites-name = Dla kogo?
invites-name-hint = Żeby było wiadomo, czyje to zaproszenie. Na przykład: Ewa, nocna zmiana.
invites-create = Utwórz link z zaproszeniem
invites-created = Zaproszenie
invites-created-headline = Wyślij to: { $name }.
invites-created-lead = Link widać przez dziesięć minut, tylko w tej przeglądarce. Wyślij go w wiadomości albo pozwól zeskanować kod QR telefonem. Działa dla jednej osoby przez siedem dni.
invites-back = Wróć do zespołu
invites-of = Zaproszenie: { $name }
invites-title = Zaproszenia
invites-open = ważne do: { $until }
invites-used = wykorzystane
invites-revoked = wycofane
invites-expired = wygasło
invites-revoke = Wycofaj

## Za linkiem
join-title = Dołącz: { $business }
join-headline = { $business } zaprasza Cię do zespołu.
join-role = Twoja rola: { $role }.
join-used = To zaproszenie zostało już jednak wykorzystane. Jeśli nie przez Ciebie, powiedz o tym osobie, która je wysłała.
join-invalid = To zaproszenie nie jest już jednak ważne. Poproś o nowe osobę, która je wysłała.
join-as = Dołącz jako { $name }
join-name = Twoje imię i nazwisko
join-name-hint = Tak, jak znają Cię współpracownicy. Klienci nigdy tego nie widzą.
join-email-hint = Tym się logujesz. Klienci nigdy tego nie widzą.
join-submit = Dołącz
join-existing-account = Masz już tutaj konto? Zaloguj się, aby dołączyć z tym samym kontem.
join-by-signing-in = Zaloguj się na swoje konto, aby dołączyć: { $business }.
join-wrong = Z tym adresem e-mail i hasłem nie można dołączyć. Jeśli masz już tutaj konto, użyj jego hasła albo poproś o link do ustawienia nowego.
