"""Logs: one JSON object a line on standard output. What an error says is left out: it may quote a person's data."""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Final

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, WrappedLogger

_KNOWN: Final = (structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True))


def configure() -> None:
    """Send our own logs, and the warnings of libraries, to standard output."""
    structlog.configure(
        processors=[*_KNOWN, structlog.processors.JSONRenderer(serializer=orjson.dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    foreign = logging.StreamHandler(sys.stdout)
    foreign.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=_KNOWN,
            processors=[_without_messages, ProcessorFormatter.remove_processors_meta, _as_line],
        )
    )
    logging.basicConfig(handlers=[foreign], level=logging.WARNING, force=True)


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


def _without_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The place where a library's error was raised instead of the error, and the template of its line unfilled."""
    record = event["_record"]
    event |= {"logger": record.name, "event": str(record.msg)}
    if record.exc_info and record.exc_info[1]:
        event["trace"] = [*traced(record.exc_info[1])]
    return event


def _as_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=repr).decode()
