# O co pytamy klienta po naprawie.

follow-up-title = Czy to naprawiliśmy?
follow-up-intro = Firma { $name } nie dotrzymała obietnicy danej Tobie i twierdzi, że to naprawiła. Czy tak jest, możesz powiedzieć tylko Ty. Zajmie to minutę; link działa jeden raz.
follow-up-promise = Obietnica
follow-up-place = Gdzie
follow-up-day = Kiedy
follow-up-ask = Masz pytanie? Za nasze obietnice odpowiada { $person }.
follow-up-done = Co według nas zrobiliśmy
follow-up-correction = Żeby to naprawić
follow-up-remedy = Dla Ciebie
follow-up-fixed = Czy jest naprawione?
follow-up-yes = Tak
follow-up-partly-fixed = Częściowo
follow-up-no = Nie
follow-up-optional = Jeśli chcesz, jeszcze cztery krótkie pytania
follow-up-fair = Czy rozwiązanie było sprawiedliwe?
follow-up-quick = Czy poszło szybko?
follow-up-respectful = Czy traktowano Cię z szacunkiem?
follow-up-honest = Czy podany powód był szczery?
follow-up-again = Czy dasz nam jeszcze jedną szansę?
follow-up-words = Własnymi słowami (nieobowiązkowo)
follow-up-words-hint = Przeczyta to tylko firma. Nigdy nie pojawi się to publicznie.
follow-up-send = Wyślij odpowiedź
follow-up-private = Publicznie widać tylko, jak się to skończyło: zaufanie odzyskane, częściowo odzyskane albo nieodzyskane. Nie widać Twojego nazwiska, Twoich słów ani poszczególnych odpowiedzi.

follow-up-restored = Dziękujemy za jeszcze jedną szansę
follow-up-restored-next = Wiemy od Ciebie, że jest naprawione i że dasz nam jeszcze jedną szansę. Na stronie publicznej { $name } będzie to liczone jako zaufanie odzyskane. Nie musisz już nic robić; gdyby to się powtórzyło, zgłoś się do nas: { $person }.
follow-up-partly = Dziękujemy. Jeszcze nie jest tak, jak być powinno
follow-up-partly-next = Na stronie publicznej { $name } będzie to widoczne jako zaufanie częściowo odzyskane, nie jako sukces. Widzimy już Twoją odpowiedź, a odpowiada za to { $person }. Jeśli podejmiemy sprawę na nowo, odezwiemy się, a dotychczasowa odpowiedź zostanie w rejestrze.
follow-up-not-restored = Dziękujemy za otwarte słowa
follow-up-not-restored-next = Na stronie publicznej { $name } będzie to widoczne dla wszystkich jako zaufanie nieodzyskane. Widzimy już Twoją odpowiedź, a odpowiada za to { $person }. Jeśli podejmiemy sprawę na nowo, odezwiemy się, a dotychczasowa odpowiedź zostanie w rejestrze.

follow-up-closed = Ten link już nie działa
follow-up-closed-why = Albo odpowiedź już padła, a każdy link przyjmuje jedną, albo link wygasł: sprawę zamknięto, zastąpił go nowy link albo osoba, która go wysłała, już się tym nie zajmuje. Teraz nic się nie zmieniło. Jeśli chcesz jeszcze coś powiedzieć, poproś nas o nowy link.
follow-up-contact = Jeśli nadal chcesz nam coś powiedzieć, zapytaj o osobę, która odpowiada za nasze obietnice: { $person }.
follow-up-unknown = Ten link donikąd nie prowadzi
follow-up-unknown-why = Nic się za nim nie kryje. Może przy kopiowaniu zginęła część adresu: otwórz cały link z otrzymanej wiadomości.
follow-up-wait = { $seconds ->
    [one] Twoja odpowiedź czeka na tej stronie. Odczekaj { $seconds } sekundę i wyślij ją stąd.
    [few] Twoja odpowiedź czeka na tej stronie. Odczekaj { $seconds } sekundy i wyślij ją stąd.
   *[other] Twoja odpowiedź czeka na tej stronie. Odczekaj { $seconds } sekund i wyślij ją stąd.
  }
