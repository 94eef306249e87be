# Dane klienta: wydawane i zapominane.

customers-export = Przekaż klientowi, co o nim wiemy
customers-forget = Zapomnij tego klienta
customers-forget-lead = Kto prosi o zapomnienie, tego zapominamy: znikają imię i nazwisko, kontakt i słowa klienta, we wszystkich jego naprawach. Najpierw zobaczysz, co zniknie, a co zostanie.
customers-forget-ask = Zobacz, co zniknie
customers-forget-whom = { $count ->
    [one] { $name }, w tej naprawie.
    [few] { $name }, we wszystkich { $count } naprawach tej osoby.
   *[many] { $name }, we wszystkich { $count } naprawach tej osoby.
  }
customers-unnamed = Klient, którego nazwiska nie znamy
customers-erased = To znika, na zawsze
customers-erased-name = imię i nazwisko oraz kontakt
customers-erased-words = to, co klient powiedział, co powiedziano jemu, i każdy inny tekst o tej sprawie, który nie jest publiczny
customers-erased-link = link do pytań po naprawie, jeśli jeszcze go nie użyto
customers-retained = To zostaje
customers-retained-public = to, co stoi publicznie: co naprawiono, co dano, czego się z tego uczymy
customers-retained-counts = złamana obietnica, kroki i ich czas, wynik oraz to, że był to jeden i ten sam klient
customers-retained-record = rejestr, w całości: mówi, ile tekstów usunięto, i nic więcej
customers-forget-open = Naprawa, która jest jeszcze otwarta, toczy się dalej bez klienta. Nikogo nie można już zapytać, więc kończy się tym, co klient już odpowiedział, albo jako „bez odpowiedzi”.
customers-forget-now = Zapomnij
customers-forgotten-already = Ten klient jest już zapomniany: { $at }. Nie ma już czego zapominać i nic się nie zmieniło.
customers-someone = Klient. Kto to jest, widzą ci, którzy prowadzą naprawę.
customers-forgotten = Zapomniany: { $at }
customers-retention = Klienci
customers-retention-lead = Żeby nikogo nie pamiętać dłużej, niż trzeba.
customers-forget-after = Po ilu miesiącach zapominać klientów
customers-forget-after-hint = Od 1 do 120, licząc od zamknięcia ostatniej naprawy klienta. Znikają imię i nazwisko, kontakt i słowa; liczby i rejestr zostają.
