# Drugie spojrzenie na sprawdzenie, które kończy długą serię.

looks-title = Drugie spojrzenie
looks-headline = Idź i zobacz.
looks-lead = Tej obietnicy dotrzymano tu { $count } razy z rzędu. To dobra wiadomość i warto mieć co do niej pewność: co jakiś czas na ostatnie z tylu sprawdzeń spogląda jeszcze raz ktoś inny. Wybrał je los i nie świadczy to o tym, kto sprawdzał.
looks-own = To sprawdzenie jest Twoje. Drugi raz patrzy ktoś inny.

## Trzy uczciwe odpowiedzi
looks-outcome = Jak było?
looks-say-agreed = Tak, jak obiecano
looks-say-agreed-hint = na miejscu wszystko się zgadza
looks-say-overturned = Nie tak, jak obiecano
looks-say-overturned-hint = sprawdzenie zostaje poprawione na oczach wszystkich i otwiera się naprawa
looks-say-too-late = Nie umiem powiedzieć
looks-say-too-late-hint = minęło za dużo czasu, by wiedzieć, jak było wtedy
looks-if-overturned = Jeśli nie było tak, jak obiecano
looks-why = Co było widać?
looks-save = Zapisz drugie spojrzenie

## Co z tego wynikło
looks-agreed = Ktoś inny spojrzał jeszcze raz i potwierdził.
looks-overturned = Ktoś inny spojrzał jeszcze raz i nie było tak, jak obiecano: zobacz poprawkę.
looks-too-late = Ktoś inny miał spojrzeć jeszcze raz, ale było za późno, by to ocenić.
looks-corrected = Sprawdzenie poprawiono, zanim ktoś spojrzał na nie ponownie. Drugie spojrzenie nie jest potrzebne.
