# Osoby, które mają dostęp.

people-title = Osoby
people-headline = { $count ->
    [one] Dostęp ma jedna osoba.
    [few] Dostęp mają { $count } osoby.
   *[other] Dostęp ma { $count } osób.
  }
people-you = Ty
people-lookalike = wygląda jak inna nazwa: { $name }
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

## Co ktoś utworzył i co daje dostęp
grants-title = Dostęp nadany przez: { $name }
grants-lead = Zaproszenia, tokeny, wspólne urządzenia i linki dla klientów wygasają, gdy { $name } traci dostęp albo część uprawnień. Aby coś zachować, przejmij to: wtedy odpowiadasz za to Ty.
grants-lead-own = Te zaproszenia, tokeny, wspólne urządzenia i linki dla klientów wygasną, gdy odejdziesz albo stracisz część uprawnień. Może je przejąć ktoś, kto sam może takie tworzyć.
grants-nothing = Nic nie jest w użyciu: żadne zaproszenie, token, wspólne urządzenie ani link dla klienta.
grants-invitation = Zaproszenie
grants-token = Token
grants-device = Wspólne urządzenie
grants-customer-link = Link dla klienta
grants-since = utworzono: { $at }
grants-until = ważne do: { $until }
grants-take-over = Przejmij
grants-take-over-all = Przejmij wszystko
grants-end = Zakończ
grants-end-all = Zakończ wszystko
grants-count = { $count ->
    [one] Jedna rzecz utworzona przez tę osobę nadal daje dostęp i wygaśnie razem z jej uprawnieniami.
    [few] { $count } rzeczy utworzone przez tę osobę nadal dają dostęp i wygasną razem z jej uprawnieniami.
   *[other] { $count } rzeczy utworzonych przez tę osobę nadal daje dostęp i wygaśnie razem z jej uprawnieniami.
  }
grants-look = Najpierw to przejrzyj

## Gdzie ktoś działa
site-access-where = Gdzie?
site-access-everywhere = Wszędzie, także w lokalizacjach dodanych później
site-access-sites = Tylko w wybranych lokalizacjach
site-access-which = W których lokalizacjach?
site-access-change = Zmień lokalizacje
site-access-others = inne lokalizacje
