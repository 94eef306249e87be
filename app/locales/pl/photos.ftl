# Zdjęcia: czy sprawdzenia mają zdjęcie, jak wygląda dotrzymana obietnica i robienie zdjęcia.

photos-title = Zdjęcia
photos-part = Zdjęcia
photos-change = Wybierz
photos-lead = Zdjęcie pokazuje to, czego nie oddadzą słowa. Widzą je ci, którzy czytają sprawdzenia, nigdy wszyscy. Gdzie i czym je zrobiono, jest usuwane.
photos-with-checks = Czy sprawdzenie ma zdjęcie?
photos-required = Zawsze, dotrzymana czy złamana
photos-required-hint = Nie prosimy o nie, gdy obietnicę złamano dla bezpieczeństwa ludzi.
photos-on-break = Gdy jest złamana
photos-on-break-hint = Potrzebne przy złamanej; żadnego przy dotrzymanej.
photos-optional = Jeśli sprawdzający chce
photos-optional-hint = Nikt nie musi.
photos-forbidden = Nigdy
photos-forbidden-hint = Tak jest dobrze tam, gdzie ludzie się rozbierają, myją albo chorują. Żadne nie jest robione, wysyłane ani przechowywane.
photos-save = Zapisz

photos-examples = Jak wygląda dotrzymana
photos-examples-lead = Zdjęcie każdego miejsca takiego, jakie ma być, dla tych, którzy je sprawdzają. Zrób je, gdy nikogo tam nie ma.
photos-examples-count = { $count ->
    [0] Żadne miejsce nie pokazuje jeszcze, jak wygląda dotrzymana.
    [one] Jedno miejsce pokazuje, jak wygląda dotrzymana.
    [few] { $count } miejsca pokazują, jak wygląda dotrzymana.
   *[other] { $count } miejsc pokazuje, jak wygląda dotrzymana.
  }
photos-example-take = Zdjęcie miejsca: { $place }
photos-example-hint = JPEG lub PNG, najwyżej 6 MB.
photos-example-save = Pokazuj je
photos-example-remove = Nie pokazuj żadnego
photos-example-of = { $place }, jak ma być
photos-example = Tak wygląda tu dotrzymana obietnica.

photos-take = Zrób zdjęcie
photos-needed = Tutaj potrzebne.
photos-welcome = Jeśli pomoże. Bez ludzi.
photos-kept-here = Zrobione zdjęcie jest tutaj i zostanie dołączone.
photos-unreadable = Nie da się odczytać zdjęcia w tym telefonie. Zrób je jeszcze raz.
photos-look = Zdjęcie
