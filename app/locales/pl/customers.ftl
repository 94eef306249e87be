# Dane klienta: wydawane i zapominane.

customers-export = Pobierz dane klienta
customers-forget = Usuń dane klienta
customers-forget-lead = Jeśli klient o to poprosi, usuwamy jego imię i nazwisko, kontakt i wypowiedzi we wszystkich jego naprawach. Najpierw zobaczysz, co zostanie usunięte, a co pozostanie.
customers-forget-ask = Zobacz, co zostanie usunięte
customers-forget-whom = { $count ->
    [one] { $name }, w tej naprawie.
    [few] { $name }, we wszystkich { $count } naprawach tej osoby.
   *[many] { $name }, we wszystkich { $count } naprawach tej osoby.
  }
customers-unnamed = Klient bez nazwiska
customers-erased = Usuwane na zawsze
customers-erased-name = imię i nazwisko oraz kontakt
customers-erased-words = to, co klient powiedział, co powiedziano jemu, i każdy inny tekst o tej sprawie, który nie jest publiczny
customers-erased-link = link do pytań po naprawie, jeśli jeszcze go nie użyto
customers-retained = Zachowywane
customers-retained-public = to, co publiczne: co naprawiono, zadośćuczynienie i wnioski
customers-retained-counts = złamana obietnica, kroki i ich czas, wynik oraz to, że był to jeden i ten sam klient
customers-retained-record = cały rejestr, który podaje tylko, ile tekstów usunięto
customers-forget-open = Otwarta naprawa toczy się dalej bez klienta. Kończy się odpowiedziami, których już udzielił, albo jako „bez odpowiedzi”, bo nie można go już zapytać.
customers-forget-now = Usuń na zawsze
customers-forgotten-already = Dane tego klienta usunięto już wcześniej: { $at }. Nic się nie zmieniło.
customers-someone = Klient. Kto to jest, widzą ci, którzy prowadzą naprawę.
customers-forgotten = Dane klienta usunięte: { $at }
customers-retention = Dane klientów
customers-retention-lead = Dane osobowe przechowujemy nie dłużej, niż trzeba.
customers-forget-after = Usuwaj dane klientów po (miesiące)
customers-forget-after-hint = Od 1 do 120, licząc od zamknięcia ostatniej naprawy klienta. Imię i nazwisko, kontakt i wypowiedzi są usuwane; liczby i rejestr pozostają.
