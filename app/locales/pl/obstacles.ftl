# Tablica tego, co stanęło na przeszkodzie, i odpowiedzi.

obstacles-title = Przeszkody
obstacles-headline = { $count ->
    [0] Na każdą przeszkodę jest odpowiedź.
    [1] Jedna przeszkoda czeka na odpowiedź.
    [2] Dwie przeszkody czekają na odpowiedź.
    [3] Trzy przeszkody czekają na odpowiedź.
    [4] Cztery przeszkody czekają na odpowiedź.
    [5] Pięć przeszkód czeka na odpowiedź.
    [1000] Co najmniej tysiąc przeszkód czeka na odpowiedź.
    [few] { $count } przeszkody czekają na odpowiedź.
   *[many] { $count } przeszkód czeka na odpowiedź.
  }
obstacles-none = Nie zgłoszono jeszcze żadnej przeszkody.
obstacles-no-older = Nie ma starszych przeszkód.
obstacles-lead = Co nie pozwoliło dotrzymać obietnicy, tak jak podano przy sprawdzeniu. Chodzi o pracę: nie ma tu nazwisk ani uwag.
obstacles-waiting = Czeka na odpowiedź
obstacles-answered = Z odpowiedzią
obstacles-answer = Odpowiedz
obstacles-answer-again = Odpowiedz ponownie
obstacles-earlier = Wcześniejsze odpowiedzi
obstacles-older = Starsze
obstacles-newest = Wróć na górę

## Odpowiedź
obstacles-done = Zrobione
obstacles-done-hint = już nie stoi na przeszkodzie
obstacles-planned = Zaplanowane
obstacles-planned-hint = decyzja zapadła: napisz, co i do kiedy
obstacles-not-now = Na razie nie
obstacles-not-now-hint = zostaje, jak jest: napisz dlaczego i co robić do tego czasu
obstacles-to-board = ‹ Przeszkody
obstacles-answer-lead = Odpowiedź przeczyta cały zespół. Nie można jej potem zmienić, ale można odpowiedzieć ponownie: liczy się najnowsza odpowiedź, a wcześniejsze pozostają widoczne.
obstacles-decision = Co z tym robimy?
obstacles-words = Twoja odpowiedź
obstacles-words-hint = Bez nazwisk.
obstacles-save = Zapisz odpowiedź
obstacles-answer-given = Odpowiedzi
obstacles-left = Sprawdzenie zostało od tego czasu skorygowane, więc tej przeszkody nie ma już na liście. Nie wymaga odpowiedzi.
