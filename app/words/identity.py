"""Numbers that identify: of a citizen (GB 11643), of an organization (GB 32100), and of a telephone.

Each function takes what a person typed and returns the one spelling kept, or raises `PydanticCustomError`, a
ValueError whose `type` is the code. No message repeats the number.
"""

import re
from datetime import date
from operator import mul
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from app import codes
from app.words.refusal import refuse
from app.words.text import storable, without_spaces

TAIWAN_RESIDENTS: Final = "83"
"""The prefix of residence permits for Taiwan residents, which GB/T 2260 doesn't know."""

_ASCII: Final = {ord("\uff01") + offset: ord("!") + offset for offset in range(94)}
_ID_NUMBER: Final = re.compile(r"[0-9]{17}[0-9X]")
_TELEPHONE: Final = re.compile(r"\+?[0-9()-]{5,24}")
_EXTENSION: Final = re.compile(r"(?:转|(?<=[0-9]{7})-)([0-9]{1,6})$")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


def id_number(raw: str, *, today: date = date.max) -> str:
    """An ID number with upper-case X, its check digit right and its date of birth real and not after `today`.

    Spaces are dropped, full-width digits narrowed. Permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and
    the codes of dissolved counties are accepted. Without `today` the future isn't judged: a schema has no clock.
    """
    number = _narrow(raw).upper()
    if not _ID_NUMBER.fullmatch(number):
        refuse("id-number-malformed", "An ID number has 17 digits and a check digit or X.")
    if codes.province_of(number) is None and not number.startswith(TAIWAN_RESIDENTS):
        refuse("id-number-region", "The first two digits of the ID number name no province.")
    try:
        born = birth_date(number)
    except ValueError:
        refuse("id-number-date", "The ID number's date of birth doesn't exist.")
    if born > today:
        refuse("id-number-future", "The ID number's date of birth lies in the future.")
    if number[17] != id_check_digit(number[:17]):
        refuse("id-number-check-digit", "The ID number's check digit is wrong.")
    return number


def id_check_digit(first17: str) -> str:
    """The 18th character of an ID number, by ISO 7064 MOD 11-2."""
    return _CHECKS[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def birth_date(number: str) -> date:
    """The date of birth an ID number of 18 characters states; ValueError when there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def gender(number: str) -> str:
    """The gender an ID number states, as its code: 1 male (odd sequence number), 2 female (even)."""
    return "1" if int(number[16]) % 2 else "2"


def credit_code(raw: str) -> str:
    """A unified social credit code (统一社会信用代码) in upper case, its check digit right."""
    try:
        return uscc.validate(_narrow(raw))
    except ValidationError:
        refuse("credit-code-invalid", "This is no unified social credit code.")


def mobile_number(raw: str) -> str:
    """A mainland mobile number as its plain 11 digits."""
    number = _telephone(_narrow(raw))
    if phonenumbers.number_type(number) != PhoneNumberType.MOBILE:
        refuse("phone-not-mobile", "This is no mobile number of the mainland.")
    return str(number.national_number)


def contact_number(raw: str) -> str:
    """A mainland number of any kind: 13800138000, 0531-88364000, 4008123123, each perhaps with an extension -801."""
    main, extension = _narrow(raw), ""
    if found := _EXTENSION.search(main):
        main, extension = main[: found.start()], f"-{found[1]}"
    number = _telephone(main)
    digits, area = str(number.national_number), phonenumbers.length_of_geographical_area_code(number)
    return (f"0{digits[:area]}-{digits[area:]}" if area else digits) + extension


def _telephone(text: str) -> PhoneNumber:
    """The number behind mainland digits, with or without +86 or 0086; refused when nobody can have it."""
    try:
        number = phonenumbers.parse(text, "CN") if _TELEPHONE.fullmatch(text) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number_for_region(number, "CN"):
        refuse("phone-invalid", "This is no telephone number of the mainland.")
    return number


def _narrow(raw: str) -> str:
    """The text without spaces, its full-width characters as ASCII ones."""
    return without_spaces(storable(raw).translate(_ASCII))
