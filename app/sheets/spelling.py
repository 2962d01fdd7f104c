"""How sheets write what the vocabulary writes otherwise: dates, yes and no, codes without their leading zero."""

import re
import unicodedata
from datetime import date
from typing import Final

from app.codes import CodeTable
from app.words.refusal import refuse
from app.words.text import gb18030_name_map

_DAY: Final = re.compile(r"([0-9]{4})(?:([-/])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))")
_MONTH: Final = re.compile(r"([0-9]{4})([0-9]{2})")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_ANSWERS: Final = {"是": True, "否": False}


def in_unicode(text: str) -> str:
    """Text with the ideographs that Python's GB18030 codec leaves in the private-use area."""
    return text.translate(gb18030_name_map) if _PRIVATE.search(text) else text


def narrow(text: str) -> str:
    """Full-width digits and letters as ASCII."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def day(text: str) -> date:
    """A date written YYYYMMDD, YYYY-MM-DD or YYYY/M/D."""
    found = _DAY.fullmatch(narrow(text))
    if found is None:
        refuse("date-malformed", "A date is written YYYYMMDD, YYYY-MM-DD or YYYY/M/D.")
    return _date(*(int(part) for part in found.groups() if part and part.isdigit()))


def month_or_day(text: str) -> date:
    """A date as above, or a month written YYYYMM, which stands for its first day."""
    if found := _MONTH.fullmatch(narrow(text)):
        return _date(int(found[1]), int(found[2]), 1)
    return day(text)


def _date(year: int, month: int, of_month: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError:
        refuse("date-unreal", "There is no such day.")


def answer(text: str) -> object:
    """Yes or no: 是, 否, or what the word itself understands."""
    return _ANSWERS.get(text, narrow(text))


def years(text: str) -> str:
    """A number of years, perhaps with its unit or a decimal that says nothing: 4, 4年, 4.0, 2.5."""
    return narrow(text).removesuffix("年").removesuffix(".0")


def postcode(text: str) -> str:
    """Six digits, of which a spreadsheet drops leading zeros."""
    return narrow(text).zfill(6)


def code(text: str, table: CodeTable) -> str:
    """A code; if the table lacks it, then the one it has with or without a leading zero (1 for 01, 02 for 2)."""
    written = narrow(text)
    forms = written, written.zfill(2), written.lstrip("0") or "0"
    return next((form for form in forms if form in table), written)
