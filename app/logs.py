"""Logs: one JSON object a line on standard output. What an error says is left out: it may quote a person's data."""

import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
import structlog


def configure() -> None:
    """Send our own logs, and the warnings of libraries, to standard output."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _stamped,
            structlog.processors.JSONRenderer(serializer=orjson.dumps, option=orjson.OPT_UTC_Z),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stdout)
    libraries.setFormatter(_Line())
    logging.basicConfig(handlers=[libraries], level=logging.WARNING, force=True)


def _stamped(_logger: object, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    line["timestamp"] = datetime.now(UTC)  # left to the renderer, which writes it in a fraction of the time
    return line


class _Line(logging.Formatter):
    """A library's line: its template unfilled, and the place where an error was raised instead of the error."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC),
        }
        if record.exc_info and record.exc_info[1]:
            line["trace"] = [*traced(record.exc_info[1])]
        return orjson.dumps(line, option=orjson.OPT_UTC_Z).decode()


def traced(error: BaseException) -> Iterator[str]:
    """Where an error came from, the first cause last, without its message."""
    told: list[BaseException] = []  # causes may form a ring
    cause: BaseException | None = error
    while cause and cause not in told:
        told.append(cause)
        yield f"{type(cause).__module__}.{type(cause).__qualname__}"
        for frame in reversed(traceback.extract_tb(cause.__traceback__)):
            yield f"{frame.filename}:{frame.lineno} {frame.name}"
        cause = cause.__cause__ or cause.__context__
