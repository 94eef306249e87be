# Cała firma: zabrana w jednym pliku i usunięta.

archive-whole = Wszystko, w całości
archive-export-lead = Jeden plik ze wszystkim, co należy do tej firmy: obietnice, sprawdzenia, naprawy, klienci i cały rejestr. Inny Trialmark przyjmie go tak, jak jest. Haseł i kluczy w nim nie ma. Przechowuj go bezpiecznie: są w nim ludzie.
archive-export = Pobierz wszystko
archive-delete = Usuń tę firmę
archive-delete-lead = Wszystko, co do niej należy, znika na zawsze, razem z jej stroną publiczną. Najpierw zobaczysz, co to znaczy.
archive-delete-ask = Zobacz, co zniknie
archive-back = ‹ Ustawienia
archive-delete-headline = Usunąć firmę { $name }?
archive-deletes = To znika na zawsze, od razu i dla wszystkich
archive-deletes-work = każda obietnica, każde sprawdzenie, każda naprawa i każdy klient, każde miejsce razem z etykietą i każde ustawienie
archive-deletes-public = strona publiczna i rejestr: kto otworzy prowadzący do nich link, nie znajdzie nic
archive-deletes-people = dostęp wszystkich do tej firmy oraz konta tych, którzy nie należą tu do żadnej innej
archive-delete-first = Nikt tego nie przywróci, chyba że najpierw zabierzesz wszystko ze sobą.
archive-delete-name = Wpisz nazwę firmy
archive-delete-name-hint = Tak, jak jest tutaj: { $name }
archive-delete-now = Usuń na zawsze
archive-deleted = Firma { $name } została usunięta
archive-deleted-means = Wszystko, co do niej należało, zniknęło, razem z jej stroną publiczną.
