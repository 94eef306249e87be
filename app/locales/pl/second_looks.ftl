# Drugie spojrzenie na sprawdzenie, które kończy długą serię.

second-looks-title = Drugie spojrzenie
second-looks-headline = Sprawdź to jeszcze raz.
second-looks-lead = Tej obietnicy dotrzymano tu { $count } razy z rzędu. Aby mieć pewność przy tak długiej serii, co jakiś czas ktoś inny sprawdza jej koniec ponownie. Wybór jest losowy i nie świadczy o osobie, która sprawdzała.
second-looks-own = To Twoje sprawdzenie. Drugie spojrzenie należy do kogoś innego.

## Trzy uczciwe odpowiedzi
second-looks-outcome = Jak było?
second-looks-choose-agreed = Tak, jak obiecano
second-looks-choose-agreed-hint = na miejscu wszystko się zgadza
second-looks-choose-overturned = Nie tak, jak obiecano
second-looks-choose-overturned-hint = sprawdzenie zostaje publicznie skorygowane i otwiera się naprawa
second-looks-choose-too-late = Nie umiem powiedzieć
second-looks-choose-too-late-hint = minęło za dużo czasu, by wiedzieć, jak było wtedy
second-looks-if-overturned = Jeśli nie było tak, jak obiecano
second-looks-why = Co było widać?
second-looks-save = Zapisz drugie spojrzenie

## Co z tego wynikło
second-looks-agreed = Ktoś inny spojrzał jeszcze raz i potwierdził.
second-looks-overturned = Ktoś inny spojrzał jeszcze raz i nie było tak, jak obiecano: zobacz poprawkę.
second-looks-too-late = Ktoś inny miał spojrzeć jeszcze raz, ale było za późno, by to ocenić.
second-looks-corrected = Sprawdzenie poprawiono, zanim ktoś spojrzał na nie ponownie. Drugie spojrzenie nie jest potrzebne.
