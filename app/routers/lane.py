"""The lane: an operation as a straight line, read off what the framework knows of it.

The framework solves an operation's parameters and dependencies anew in every request, which takes longer than all that
the operation itself does. A lane does what the framework would do where everything is as declared, and nothing else:
what is unusual (missing, malformed, of another content type) it hands over untouched, to be refused as ever. Nothing is
called before all that was sent is known to be as declared, so nothing is ever done twice.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterator, Mapping
from inspect import iscoroutinefunction, isroutine, signature
from typing import Any, Final, get_args, get_origin

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Field = Any
"""FastAPI's `ModelField`, which it does not export."""
_BODY: Final = "body"
_SOURCES: Final = ("path", "query", "header", _BODY)
_JSON: Final = "application/json"
_ONLY_THE_FRAMEWORKS: Final = (
    "cookie_params",
    "websocket_param_name",
    "http_connection_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
    "concurrency",
)


class NotStraight(Exception):
    """An operation asks for what only the framework knows to give."""


class _Unusual(Exception):
    """What was sent is not as declared."""


def fastest(operation: Dependant, framework: ASGIApp) -> ASGIApp:
    """The operation as a lane; as the framework serves it, where it is not straight."""
    try:
        return Lane(operation, framework)
    except NotStraight:
        return framework


class Lane:
    """An operation as an ASGI application: what was sent is read, then one call after the other, then the answer.

    Raises `NotStraight` for forms, for lists and models in a query, and for what isn't awaited or makes no response.
    """

    def __init__(self, operation: Dependant, framework: ASGIApp) -> None:
        parts = [*_in_order(operation)]
        if len({part.call for part in parts}) < len(parts) or not _makes_a_response(operation):
            raise NotStraight
        sent = [(part, one.name, _Sent(source, one)) for part in parts for source, one in _declared(part)]
        # a request's values: itself, then what was sent, then what each call has made; a call takes its own by place
        made = {id(part): place for place, part in enumerate(parts, 1 + len(sent))}
        self._framework = framework
        self._sent = [one for *_, one in sent]
        self._sources = {one.source for one in self._sent}
        self._calls = []
        for part in parts:
            takes = [(name, place) for place, (owner, name, _) in enumerate(sent, 1) if owner is part]
            takes += [(one.name, made[id(one)]) for one in part.dependencies if one.name]
            takes += [(part.request_param_name, 0)] if part.request_param_name else []
            self._calls.append((_awaited(part), takes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. What a call raises is for the application's exception handlers."""
        content = _Content(receive)
        request = Request(scope, content.again, send)
        try:
            values = [request, *await self._read(request, content)]
        except _Unusual:
            await self._framework(scope, content.again, send)
            return
        for call, takes in self._calls:
            values.append(await call(**{name: values[place] for name, place in takes}))
        await values[-1](scope, receive, send)

    async def _read(self, request: Request, content: "_Content") -> list[Any]:
        """What was sent, in the order of the declarations."""
        given: dict[str, Mapping[str, Any]] = {"path": request.path_params, "header": request.headers}
        if "query" in self._sources:
            given["query"] = request.query_params
        if _BODY in self._sources:
            given[_BODY] = {_BODY: await content.parsed(request.headers.get("content-type", ""))}
        return [one.read(given[one.source]) for one in self._sent]


class _Sent:
    """One value of a request as it is declared: where it comes from, and its name there."""

    def __init__(self, source: str, declared: Field) -> None:
        if not _is_plain(source, declared):
            raise NotStraight
        self.source, self._alias = source, _BODY if source == _BODY else declared.alias
        self._validate = declared.validate
        self._required = declared.field_info.is_required()
        self._default = None if self._required else declared.get_default()

    def read(self, given: Mapping[str, Any]) -> Any:
        """The value, judged as the framework judges it."""
        value = given.get(self._alias)
        if value is None and self.source != _BODY:
            if self._required:
                raise _Unusual
            return self._default
        value, faults = self._validate(value, {}, loc=())
        if faults:
            raise _Unusual
        return value


class _Content:
    """What a client sends after its headers. What a lane has read of it can be had again; a stream is left alone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read: list[Message] = []

    async def again(self) -> Message:
        """A message, from the first one on."""
        return self._read.pop(0) if self._read else await self._receive()

    async def parsed(self, media_type: str) -> Any:
        """All of it, which is JSON."""
        if media_type != _JSON and not media_type.startswith(f"{_JSON};"):
            raise _Unusual
        try:
            while not self._read or self._read[-1].get("more_body"):
                self._read.append(await self._receive())
            return json.loads(b"".join(one["body"] for one in self._read))
        except Exception as error:
            raise _Unusual from error  # whatever it is, the framework meets it again, and knows what to answer


def _in_order(part: Dependant) -> Iterator[Dependant]:
    """The dependencies before who asks for them, the handler last."""
    for one in part.dependencies:
        yield from _in_order(one)
    yield part


def _declared(part: Dependant) -> Iterator[tuple[str, Field]]:
    """(source, field) of all that a dependency or the handler reads of a request."""
    if any(getattr(part, name) for name in _ONLY_THE_FRAMEWORKS) or len(part.body_params) > 1:
        raise NotStraight
    for source in _SOURCES:
        for one in getattr(part, f"{source}_params"):
            yield source, one


def _awaited(part: Dependant) -> Callable[..., Awaitable[Any]]:
    call = part.call
    if call is None or not iscoroutinefunction(call if isroutine(call) else type(call).__call__):
        raise NotStraight
    return call


def _makes_a_response(handler: Dependant) -> bool:
    made = signature(handler.call).return_annotation if handler.call else None
    return isinstance(made, type) and issubclass(made, Response)


def _is_plain(source: str, declared: Field) -> bool:
    """Whether one text, or one JSON body, makes the value; and what stands for none is always the same."""
    about = declared.field_info
    renamed = about.validation_alias not in (None, declared.alias)
    made = about.default_factory or about.validate_default or not isinstance(about.default, Hashable)
    if source == _BODY:
        composed = isinstance(about, params.Form) or getattr(about, "embed", False)
    else:
        composed = any(map(_is_composed, _types_in(about.annotation)))
    return not (renamed or made or composed)


def _types_in(annotation: Any) -> Iterator[type]:
    """`list[str] | None` → list, str, NoneType."""
    kind = get_origin(annotation) or annotation
    if isinstance(kind, type):
        yield kind
    for one in get_args(annotation):
        yield from _types_in(one)


def _is_composed(one: type) -> bool:
    """Whether the framework puts it together from several values of a query or of headers."""
    return issubclass(one, BaseModel | Collection) and not issubclass(one, str | bytes)
