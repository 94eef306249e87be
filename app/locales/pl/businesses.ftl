# Firmy, do których ktoś należy.

businesses-title = Twoje firmy
businesses-headline = { $count ->
    [one] Należysz do jednej firmy.
    [2] Należysz do dwóch firm.
    [3] Należysz do trzech firm.
   *[other] Należysz do { $count } firm.
  }
businesses-here = jesteś tutaj
businesses-switch = Przejdź do: { $name }
businesses-new = Załóż kolejną firmę
businesses-new-lead = Ma własne obietnice, ludzi i rejestr. Jej właścicielem jesteś Ty.
