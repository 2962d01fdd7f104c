"""`make demo`: the journey of the README walked against a running sandbox, each step printed as it happens."""

from app.demo.journey import walk

__all__ = ["walk"]
