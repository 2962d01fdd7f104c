"""The page behind the QR code: for a telephone, in Chinese or English, without a script or anything from elsewhere."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from typing import Any, Final

from app import texts
from app.clock import SHANGHAI
from app.pages.shell import AS_WRITTEN, detail, frame, pairs, title
from app.words import as_one_code, in_groups

_NAMES: Final = ("graduate", "school", "unit")


def path_of(typed: str) -> str:
    """Where the code that somebody typed has its page. What no code has is left out: it leads nowhere else."""
    return "/verify/" + ("".join(re.findall("[0-9A-Z]", str(as_one_code(typed))))[:60] or "-")


def form(language: str) -> str:
    """Asks for a code."""
    return _page(language, "", f"<p>{_say('ask', language)}</p>{_form(language)}")


def unknown(language: str) -> str:
    """No such document: never issued, rejected, mistyped; the page doesn't know which."""
    state = f'<p class="state unknown" role="status">{_say("unknown", language)}</p>'
    return _page(language, "", f"{state}<p>{_detail('unknown', language)}</p>{_form(language)}")


def too_many(language: str) -> str:
    """Asked for too often."""
    return _page(language, "", f'<p class="state unknown" role="status">{_detail("too-many", language)}</p>')


def verified(document: Mapping[str, Any], language: str) -> str:
    """What a document says, and how things stand now."""
    state, signature = document["state"], document["signature"]
    rows = {
        "document": texts.title(f"document-{document['kind']}", language),
        "code": in_groups(document["code"]),
        "number": document["number"],
        "graduate": document["graduate_name"],
        "school": document["school_name"],
        "kind": _kind(document, language),
        "unit": document["unit_name"],
        "signed": _day(document["signed_on"]),
        "approved-on": _day(document["approved_at"]),
        "ended-on": _day(document["ended_at"]),
        "issued-on": _day(document["issued_at"]),
        "signature": signature["by"] if signature else texts.title("verify-not-signed", language),
        "certificate": signature and signature["certificate_sha256"],
    }
    listed = pairs(
        (_say(name, language), escape(value), AS_WRITTEN if name in _NAMES else "")
        for name, value in rows.items()
        if value
    )
    said = f'<p class="state {escape(state)}" role="status">{_say(state, language)}</p>'
    note = f"<p>{_detail(state, language)}</p>"
    return _page(language, f"/{document['code']}", f"{said}{listed}{note}")


def _kind(document: Mapping[str, Any], language: str) -> str:
    """Which placement, or which application, it is about."""
    of_application = document["application_kind"]
    return texts.title(
        f"application-{of_application}" if of_application else f"placement-{document['placement_kind']}", language
    )


def _say(name: str, language: str) -> str:
    return title(f"verify-{name}", language)


def _detail(name: str, language: str) -> str:
    return detail(f"verify-{name}", language)


def _day(at: date | datetime | None) -> str | None:
    if isinstance(at, datetime):
        at = at.astimezone(SHANGHAI).date()
    return at.isoformat() if at else None


def _form(language: str) -> str:
    return (
        '<form action="/verify" method="get">'
        f'<label for="code">{_say("code", language)}</label>'
        '<input id="code" name="code" required maxlength="60" autocomplete="off" autocapitalize="characters"'
        ' spellcheck="false">'
        f'<input type="hidden" name="lang" value="{language[:2]}">'
        f"<button>{_say('button', language)}</button></form>"
    )


def _page(language: str, path: str, content: str) -> str:
    return frame(language, f"/verify{path}", _say("heading", language), content, _say("note", language))
