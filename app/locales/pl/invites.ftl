# Wpuszczanie osoby przez prywatny link.

## Wewnątrz
invites-new = Zaproś kogoś
invites-lead = Ta osoba dostaje prywatny link, dobry dla jednej osoby i na siedem dni. Hasło wybiera sama.
invites-name = Dla kogo?
invites-name-hint = Żeby było wiadomo, kto wszedł. Na przykład: Ewa, nocna zmiana.
invites-create = Utwórz link
invites-created = Zaproszenie
invites-created-headline = Wyślij to: { $name }.
invites-created-lead = Pokazujemy to przez dziesięć minut, tylko w tej przeglądarce. Wyślij w wiadomości albo daj zeskanować kwadratowy kod telefonem. Wpuszcza jedną osobę i kończy się po siedmiu dniach.
invites-back = Wróć do osób
invites-of = Zaproszenie: { $name }
invites-title = Zaproszenia
invites-open = otwarte do: { $until }
invites-used = wykorzystane
invites-revoked = cofnięte
invites-expired = wygasło
invites-revoke = Unieważnij

## Za linkiem
join-title = Dołącz: { $business }
join-headline = { $business } wpuszcza Cię do środka.
join-role = Twoja rola: { $role }.
join-used = To zaproszenie zostało już jednak wykorzystane. Jeśli nie przez Ciebie, powiedz o tym osobie, która je wysłała.
join-invalid = To zaproszenie już się jednak skończyło. Poproś o nowe osobę, która je wysłała.
join-as = Dołącz jako { $name }
join-name = Twoje imię i nazwisko
join-name-hint = Tak, jak znają Cię współpracownicy. Klienci nigdy tego nie widzą.
join-email-hint = Tym się logujesz. Klienci nigdy tego nie widzą.
join-submit = Dołącz
join-existing-account = Masz tu już konto, choćby stare? Zaloguj się, aby dołączyć, i zachowaj jedno konto.
join-by-signing-in = Zaloguj się na swoje konto, aby dołączyć: { $business }.
join-wrong = Z tym adresem e-mail i hasłem nie można dołączyć. Jeśli masz tu już konto, użyj hasła z tamtego czasu albo poproś o link do ustawienia nowego.
