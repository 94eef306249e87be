# Jak stoi obietnica, według reguły.

status-never-checked = Nikt jeszcze nie sprawdził tej obietnicy, więc nikt nie może powiedzieć, że jest dotrzymywana.
status-not-checked-lately = W ostatnich 30 dniach nikt nie sprawdził tej obietnicy. Ostatnie sprawdzenie: { $day }.
status-did-not-apply = W ostatnich 30 dniach przy każdym sprawdzeniu okazywało się, że obietnica nie ma zastosowania.
status-none-made = { $whole ->
    [one] Na ostatnie 30 dni zaplanowano jedno sprawdzenie i nikt go nie zrobił.
    [few] Na ostatnie 30 dni zaplanowano { $whole } sprawdzenia i nie zrobiono żadnego.
   *[many] Na ostatnie 30 dni zaplanowano { $whole } sprawdzeń i nie zrobiono żadnego.
  }
status-few-kept = { $whole ->
    [one] Dotrzymana w { $part } na { $whole } sprawdzenie: to za mało, żeby oceniać.
    [few] Dotrzymana w { $part } na { $whole } sprawdzenia: to za mało, żeby oceniać.
   *[many] Dotrzymana w { $part } na { $whole } sprawdzeń: to za mało, żeby oceniać.
  }
status-few-strict = { $whole ->
    [one] Dotrzymana w { $part } na { $whole } zaplanowane sprawdzenie: to za mało, żeby oceniać.
    [few] Dotrzymana w { $part } na { $whole } zaplanowane sprawdzenia: to za mało, żeby oceniać.
   *[many] Dotrzymana w { $part } na { $whole } zaplanowanych sprawdzeń: to za mało, żeby oceniać.
  }
status-holds-kept = Obietnica jest dotrzymywana: w { $level } sprawdzeń, przy kresce na { $mark }.
status-holds-strict = Obietnica jest dotrzymywana: w { $level } zaplanowanych sprawdzeń, przy kresce na { $mark }.
status-below-kept = Poniżej progu: obietnica dotrzymana w { $level } sprawdzeń, a zobowiązaliśmy się do { $mark }.
status-below-strict = Poniżej progu: obietnica dotrzymana w { $level } zaplanowanych sprawdzeń, a zobowiązaliśmy się do { $mark }.
status-retired = Ta gwarancja jest wycofana: już jej nie dajemy.
status-mark = Próg to { $mark }.
