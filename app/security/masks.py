"""Personal values as everybody may see them. Whoever needs more asks for `reveal`, which is audited."""

_PHONE = 11
"""Digits of a mainland mobile number, the only kind whose middle can be left out without telling too much."""


def id_number(number: str) -> str:
    """The first and the last character: `1****************X`."""
    hidden = len(number) - 2
    return f"{number[0]}{'*' * hidden}{number[-1]}" if hidden > 0 else "*" * len(number)


def phone(number: str) -> str:
    """The first three and the last four digits of a mobile number: `138****5678`. Any other number is hidden whole."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == _PHONE else "*" * len(number)


def name(full: str) -> str:
    """The first character: `张**`. A name of one character is hidden."""
    return full[0] + "*" * (len(full) - 1) if len(full) > 1 else "*" * len(full)
