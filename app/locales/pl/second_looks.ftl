# Drugie spojrzenie na sprawdzenie, które kończy długą serię.

second-looks-title = Drugie spojrzenie
second-looks-headline = Idź i zobacz.
second-looks-lead = Tej obietnicy dotrzymano tu { $count } razy z rzędu. To dobra wiadomość i warto mieć co do niej pewność: co jakiś czas na ostatnie z tylu sprawdzeń spogląda jeszcze raz ktoś inny. Wybrał je los i nie świadczy to o tym, kto sprawdzał.
second-looks-own = To sprawdzenie jest Twoje. Drugi raz patrzy ktoś inny.

## Trzy uczciwe odpowiedzi
second-looks-outcome = Jak było?
second-looks-choose-agreed = Tak, jak obiecano
second-looks-choose-agreed-hint = na miejscu wszystko się zgadza
second-looks-choose-overturned = Nie tak, jak obiecano
second-looks-choose-overturned-hint = sprawdzenie zostaje poprawione na oczach wszystkich i otwiera się naprawa
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
