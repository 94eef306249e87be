# Sites and places.
