"""How fast the service is, against a bare floor: the same SQL by hand, in the same run. `make bench`."""
