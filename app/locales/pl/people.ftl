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

## Co ktoś utworzył i co daje dostęp
made-title = Dostęp nadany przez: { $name }
made-lead = Zaproszenia, tokeny, wspólne urządzenia i linki dla klientów wygasają, gdy { $name } traci dostęp albo część uprawnień. Aby coś zachować, przejmij to: wtedy odpowiadasz za to Ty.
made-lead-own = Te zaproszenia, tokeny, wspólne urządzenia i linki dla klientów wygasną, gdy odejdziesz albo stracisz część uprawnień. Może je przejąć ktoś, kto sam może takie tworzyć.
made-nothing = Nic nie jest w użyciu: żadne zaproszenie, token, wspólne urządzenie ani link dla klienta.
made-invitation = Zaproszenie
made-token = Token
made-device = Wspólne urządzenie
made-customer-link = Link dla klienta
made-since = utworzono: { $at }
made-until = ważne do: { $until }
made-take-over = Przejmij
made-take-over-all = Przejmij wszystko
made-end = Zakończ
made-end-all = Zakończ wszystko
made-count = { $count ->
    [one] Jedna rzecz utworzona przez tę osobę nadal daje dostęp i wygaśnie razem z jej uprawnieniami.
    [few] { $count } rzeczy utworzone przez tę osobę nadal dają dostęp i wygasną razem z jej uprawnieniami.
   *[other] { $count } rzeczy utworzonych przez tę osobę nadal daje dostęp i wygaśnie razem z jej uprawnieniami.
  }
made-look = Najpierw to przejrzyj

## Gdzie ktoś działa
reach-where = Gdzie?
reach-everywhere = Wszędzie, także w lokalizacjach dodanych później
reach-sites = Tylko w wybranych lokalizacjach
reach-which = W których lokalizacjach?
reach-change = Zmień lokalizacje
reach-others = inne lokalizacje
