"""What a new password must be, in one place: whoever sets one comes through here (domain.md §2).

Everybody's is long enough, no common one, and not made of the person's own data. Staff's is longer, by a setting.
"""

from app.errors import FieldError, Invalid
from app.security import passwords
from app.service import Service

POINTER = "/body/password"


def judge(service: Service, password: str, *own: str | None, kind: str = "graduate", pointer: str = POINTER) -> None:
    """Refuse (422) a password that an account of this kind may not have; `own` are the person's data."""
    least = service.settings.staff_password_minimum if kind == "staff" else passwords.GRADUATE_MINIMUM
    if fault := passwords.rules(password, personal=[one for one in own if one], minimum=least):
        raise Invalid(errors=[FieldError(pointer, fault)])


def judge_unlike(password: str, present: str) -> None:
    """Refuse (422) the present password as the new one."""
    if passwords.equal(password, present):
        raise Invalid(errors=[FieldError(POINTER, "password-unchanged")])
