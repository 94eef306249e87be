# Problems, guarantees and their versions.
