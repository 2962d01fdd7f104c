"""The floor: the same answers by hand, on nothing but uvicorn and asyncpg. What a service must cost at the least.

It runs the very statements of the API, prepared, with rules written as ifs for the requests of this benchmark alone. It
checks no input and knows no refusal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2b
from typing import Any, Final

import asyncpg
import orjson
from starlette.types import Receive, Scope, Send

from app.db import Statement, connect
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint
from app.security.tokens import Tokens
from app.service import Clock
from app.settings import Settings
from app.statements import Prepared
from app.workflows.desk import as_json
