# What a customer is asked after the remedy.
