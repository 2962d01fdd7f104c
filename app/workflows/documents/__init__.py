"""Documents of a placement: issued with it, printed for its parties, stored, verified by anybody."""
