# Osoby, które mają dostęp.

people-title = Osoby
people-headline = { $count ->
    [one] Dostęp ma jedna osoba.
    [few] Dostęp mają { $count } osoby.
   *[other] Dostęp ma { $count } osób.
  }
people-you = Ty
people-alike = wygląda jak inna nazwa: { $name }
people-role = Rola
people-change = Zmień: { $name }
people-make = Nowa rola: { $role }
people-remove = Odbierz dostęp: { $name }
people-remove-means = Ta osoba traci dostęp od razu, na każdym urządzeniu. To, co zrobiła, zostaje w rejestrze.
people-leave-ask = Odejdź z tej firmy
people-leave-means = Tracisz dostęp od razu. Ktoś z wewnątrz może zaprosić Cię ponownie.
people-leave = Odejdź
people-owner-may = Wszystko, także osoby i ustawienia
people-manager-may = Gwarancje, miejsca, kontrole, naprawy
people-staff-may = Kontrole i naprawy
people-auditor-may = Czyta wszystko, niczego nie zmienia

## Gdzie ktoś działa
reach-where = Gdzie?
reach-everywhere = Wszędzie, także w lokalizacjach dodanych później
reach-sites = Tylko w wybranych lokalizacjach
reach-which = W których lokalizacjach?
reach-change = Zmień lokalizacje
reach-others = inne lokalizacje
