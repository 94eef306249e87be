# Osoby, które mają dostęp.

people-title = Zespół
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
people-leave-means = Tracisz dostęp od razu. Ktoś z zespołu może zaprosić Cię ponownie.
people-leave = Odejdź
people-owner-may = Wszystko, także zespół i ustawienia
people-manager-may = Gwarancje, miejsca, sprawdzenia i naprawy
people-staff-may = Sprawdzenia i naprawy
people-auditor-may = Czyta wszystko, niczego nie zmienia

## Co ktoś utworzył i co daje dostęp
grants-title = Dostęp nadany przez: { $name }
grants-lead = Zaproszenia, tokeny, wspólne urządzenia i linki dla klientów wygasają, gdy { $name } traci dostęp albo część uprawnień. Aby coś zachować, przejmij to: wtedy Ty za to odpowiadasz.
grants-lead-own = Te zaproszenia, tokeny, wspólne urządzenia i linki dla klientów wygasną, gdy odejdziesz albo stracisz część uprawnień. Może je przejąć ktoś, kto sam może takie tworzyć.
grants-nothing = Nic nie daje teraz dostępu: żadne zaproszenie, token, wspólne urządzenie ani link dla klienta.
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
site-access-where = Lokalizacje
site-access-everywhere = Wszystkie lokalizacje, także nowe
site-access-sites = Tylko wybrane lokalizacje
site-access-which = Które lokalizacje?
site-access-change = Zmień lokalizacje
site-access-others = inne lokalizacje
