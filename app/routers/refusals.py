"""Which refusals an operation of a kind may answer with, for the contract."""

from app.errors import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    RegistrationRefused,
    RuleNotMet,
    Stale,
    TooLarge,
    TooMany,
    TransitionRefused,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    VersionRequired,
)
from app.problems import problems

_ALWAYS = (Malformed, Invalid, Unavailable, Busy)
_BODY = (TooLarge, UnsupportedMedia)

ON_PUBLIC_READ = problems(*_ALWAYS)
ON_PUBLIC_READ_ONE = problems(*_ALWAYS, NotFound)
ON_PUBLIC_WRITE = problems(*_ALWAYS, *_BODY, NotFound, TooMany, Forbidden, Conflict)
ON_LIST = problems(*_ALWAYS, Unauthenticated)
ON_READ = problems(*_ALWAYS, Unauthenticated, NotFound)
ON_OPEN = problems(*_ALWAYS, *_BODY, Unauthenticated, NotFound, Forbidden, Conflict, RuleNotMet, TooMany)
ON_CLAIM = problems(*_ALWAYS, Unauthenticated, NotFound, Conflict)
ON_MOVE = problems(
    *_ALWAYS,
    *_BODY,
    Unauthenticated,
    NotFound,
    Forbidden,
    VersionRequired,
    Stale,
    Conflict,
    TransitionRefused,
    RuleNotMet,
)
ON_CAPTCHA = problems(*_ALWAYS, *_BODY)
ON_PHONE_CODE = problems(*_ALWAYS, *_BODY, TooMany)
ON_REGISTRATION = problems(*_ALWAYS, *_BODY, Forbidden, RegistrationRefused)
ON_LOGIN = problems(*_ALWAYS, *_BODY, Unauthenticated, Forbidden, TooMany)
ON_SESSION = problems(*_ALWAYS, *_BODY, Unauthenticated)
ON_STEP = problems(*_ALWAYS, *_BODY, Unauthenticated, Forbidden)
ON_STAFF_LIST = problems(*_ALWAYS, Unauthenticated, Forbidden)
ON_ADMINISTERING = problems(*_ALWAYS, Unauthenticated, NotFound, Forbidden, Conflict)
ON_CORRECT = problems(
    *_ALWAYS, *_BODY, Unauthenticated, NotFound, Forbidden, VersionRequired, Stale, Conflict, RuleNotMet
)
