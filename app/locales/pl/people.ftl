# Osoby, które mają dostęp.

people-title = Osoby
people-headline = { $count ->
    [one] Dostęp ma jedna osoba.
    [few] Dostęp mają { $count } osoby.
   *[other] Dostęp ma { $count } osób.
  }
people-add = Wpuść kogoś
people-name = Imię i nazwisko
people-email = E-mail
people-password = Pierwsze hasło
people-password-hint = Co najmniej 12 znaków. Przekaż je osobiście.
people-role = Rola
people-owner-may = Wszystko, także osoby i ustawienia
people-manager-may = Gwarancje, miejsca, kontrole, naprawy
people-staff-may = Kontrole i naprawy
people-auditor-may = Czyta wszystko, niczego nie zmienia
people-submit = Wpuść
