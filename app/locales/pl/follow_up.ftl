# O co pytamy klienta po zadośćuczynieniu.
