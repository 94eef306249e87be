# Tokeny programów.

tokens-title = Tokeny API
tokens-headline = { $count ->
    [0] Żaden program nie ma tokenu.
    [one] Jeden program ma token.
    [few] { $count } programy mają token.
   *[other] { $count } programów ma token.
  }
tokens-lead = Token pozwala programowi używać REST API: kasie, czujnikowi, raportowi. Ma uprawnienia swojej roli i termin ważności.
tokens-settings = Wróć do ustawień
tokens-valid-until = ważny do: { $until }
tokens-expired = wygasł: { $until }
tokens-revoked = unieważniony
tokens-used = użyty { $ago }
tokens-unused = jeszcze nieużyty
tokens-revoke = Unieważnij
tokens-new = Utwórz token
tokens-name = Do czego służy?
tokens-name-hint = Żeby było wiadomo, który unieważnić. Na przykład: kasa przy ladzie.
tokens-lifetime = Jak długo jest ważny?
tokens-days = { $days ->
    [one] { $days } dzień
   *[other] { $days } dni
  }
tokens-create = Utwórz token
tokens-created = Token
tokens-created-headline = Skopiuj token dla: { $name }.
tokens-created-lead = Widać go przez dziesięć minut, tylko w tej przeglądarce. Przechowujemy wyłącznie jego skrót. Programy wysyłają go jako „Authorization: Bearer”.
tokens-back = Wróć do tokenów API
tokens-of = Token „{ $name }”
tokens-another = Wróć do tokenów API: unieważnij ten i utwórz nowy
