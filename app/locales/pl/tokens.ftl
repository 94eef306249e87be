# Tokeny programów.

tokens-title = Tokeny dla programów
tokens-headline = { $count ->
    [0] Żaden program nie ma tokenu.
    [one] Jeden program ma token.
    [few] { $count } programy mają token.
   *[other] { $count } programów ma token.
  }
tokens-lead = Token pozwala programowi używać interfejsu REST: kasie, czujnikowi, raportowi. Może tyle, ile jego rola, i kiedyś się kończy.
tokens-settings = Wróć do ustawień
tokens-valid-until = ważny do: { $until }
tokens-expired = skończył się: { $until }
tokens-revoked = cofnięty
tokens-used = użyty { $ago }
tokens-unused = jeszcze nieużyty
tokens-revoke = Unieważnij
tokens-new = Utwórz token
tokens-name = Do czego służy?
tokens-name-hint = Żeby było wiadomo, który cofnąć. Na przykład: kasa przy ladzie.
tokens-lifetime = Jak długo jest ważny?
tokens-days = { $days ->
    [one] { $days } dzień
   *[other] { $days } dni
  }
tokens-create = Utwórz token
tokens-created = Token
tokens-created-headline = Przekaż to: { $name }.
tokens-created-lead = Pokazujemy go przez dziesięć minut, tylko w tej przeglądarce, a przechowujemy wyłącznie jako skrót. Wysyłaj jako „Authorization: Bearer”.
tokens-back = Wróć do tokenów
tokens-of = Token „{ $name }”
tokens-another = Wróć do tokenów: unieważnij ten i utwórz nowy
