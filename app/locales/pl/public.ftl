# Co klienci czytają na stronach publicznych.
