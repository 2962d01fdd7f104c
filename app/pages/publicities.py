"""The pages of publicities (公示): which lists are open; who is on one, until when, where objections are heard."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final, NamedTuple

from app.pages.shell import AS_WRITTEN, detail, frame, pairs, title

PATH: Final = "/publicities"
_COLUMNS: Final = ("graduate_name", "school_name", "major")


class Paging(NamedTuple):
    """The cursors of this page and of the one after it, if they have any."""

    here: str | None = None
    following: str | None = None


def lists(found: Sequence[Any], paging: Paging, language: str) -> str:
    """The lists that are open today."""
    shown = "".join(
        f'<article><h2><a href="{PATH}/{one["id"]}?lang={language[:2]}">{_say(one["kind"], language)}</a></h2>'
        f"{_about(one, language)}</article>"
        for one in found
    )
    nothing = f"<p>{_say('none', language)}</p>"
    return _page(language, PATH, paging, _say("heading", language), shown or nothing)


def one(publicity: Any, people: Sequence[Any], paging: Paging, language: str) -> str:
    """One list, and who is on it."""
    content = _about(publicity, language) + (
        _table(people, language) if people else f"<p>{_say('nobody', language)}</p>"
    )
    heading, path = _say(publicity["kind"], language), f"{PATH}/{publicity['id']}"
    return _page(language, path, paging, heading, content, _all(language))


def unknown(language: str) -> str:
    """No such list, or one that is over: the page doesn't know which."""
    said = f'<p class="state unknown" role="status">{_say("unknown", language)}</p>'
    why = f"<p>{detail('publicity-unknown', language)}</p>"
    return _page(language, PATH, Paging(), _say("heading", language), said + why, _all(language))


def _say(name: str, language: str) -> str:
    return title(f"publicity-{name}", language)


def _about(publicity: Any, language: str) -> str:
    phone = escape(publicity["objections_to"])
    return pairs(
        (
            (_say("cohort", language), str(publicity["cohort"]), ""),
            (_say("body", language), escape(publicity["body_name"]), AS_WRITTEN),
            (_say("begins_on", language), publicity["begins_on"].isoformat(), ""),
            (_say("ends_on", language), publicity["ends_on"].isoformat(), ""),
            (_say("objections", language), f'<a href="tel:{phone}">{phone}</a>', ""),
        )
    )


def _table(people: Sequence[Any], language: str) -> str:
    head = "".join(f'<th scope="col">{_say(name, language)}</th>' for name in _COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td{AS_WRITTEN}>{escape(person[name])}</td>" for name in _COLUMNS) + "</tr>"
        for person in people
    )
    caption = f"<caption>{_say('people', language)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _all(language: str) -> str:
    return f'<p><a href="{PATH}?lang={language[:2]}">{_say("all", language)}</a></p>'


def _page(language: str, path: str, paging: Paging, heading: str, content: str, after: str = "") -> str:
    here = f"{path}?cursor={paging.here}" if paging.here else path
    if paging.following:
        way = f"{path}?cursor={paging.following}&amp;lang={language[:2]}"
        content += f'<p><a href="{way}" rel="next">{_say("next", language)}</a></p>'
    return frame(language, here, heading, content + after, _say("note", language))
