# Cała firma: zabrana w jednym pliku i usunięta.

archive-whole = Eksport i usuwanie
archive-export-lead = Jeden plik ze wszystkimi danymi firmy: obietnice, sprawdzenia, naprawy, klienci i cały rejestr. Można go zaimportować do innego Trialmarka. Nie zawiera haseł ani kluczy. Przechowuj go bezpiecznie: są w nim dane osobowe.
archive-export = Pobierz wszystko
archive-delete = Usuń tę firmę
archive-delete-lead = Usuwa na zawsze firmę, wszystkie jej dane i jej stronę publiczną. Najpierw zobaczysz, co to oznacza.
archive-delete-ask = Zobacz, co zostanie usunięte
archive-back = ‹ Ustawienia
archive-delete-headline = Usunąć firmę { $name }?
archive-deletes = Usuwane na zawsze, od razu i dla wszystkich
archive-deletes-work = każda obietnica, każde sprawdzenie, każda naprawa i każdy klient, każde miejsce razem z etykietą i każde ustawienie
archive-deletes-public = strona publiczna i rejestr: prowadzące do nich linki przestaną działać
archive-deletes-people = dostęp wszystkich do tej firmy oraz konta tych, którzy nie należą tu do żadnej innej
archive-delete-first = Tego nie da się cofnąć, chyba że najpierw pobierzesz wszystkie dane.
archive-delete-name = Wpisz nazwę firmy
archive-delete-name-hint = Dokładnie tak jak tutaj: { $name }
archive-delete-now = Usuń na zawsze
archive-deleted = Firma { $name } została usunięta
archive-deleted-means = Usunięto wszystkie jej dane i stronę publiczną.
