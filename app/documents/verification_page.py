"""The page behind the QR code: for a telephone, in Chinese or English, without a script or anything from elsewhere."""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from html import escape
from typing import Any, Final

from app import texts
from app.clock import SHANGHAI
from app.words import as_one_code, in_groups

_STYLE: Final = (
    ":root{color-scheme:light}*{box-sizing:border-box}"
    "body{margin:0;background:#f3f4f6;color:#1a1a1a;font:1rem/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif}"
    "header,main,footer{max-width:40rem;margin:0 auto;padding:1rem}"
    "header{display:flex;justify-content:space-between;align-items:center;gap:1rem}"
    "header p{margin:0;font-weight:600}a{color:#0b4f8a}"
    "main{background:#fff;border:1px solid #d1d5db;border-radius:.5rem;padding:1.25rem}"
    "@media(max-width:42rem){main{border-width:1px 0;border-radius:0}}"
    "h1{font-size:1.4rem;margin:0 0 1rem}"
    ".state{margin:0 0 1.25rem;padding:.75rem 1rem;border-left:.4rem solid;background:#f3f4f6;font-weight:600}"
    ".approved{color:#0b6b3a}.submitted,.issued{color:#8a4b00}.terminated,.unknown{color:#a01818}"
    "dl{margin:0}dl div{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.5rem 0;border-top:1px solid #e5e7eb}"
    "dt{flex:0 0 9rem;color:#4b5563}dd{flex:1 1 12rem;margin:0;overflow-wrap:anywhere}"
    "form{margin-top:1.25rem}label{display:block;margin-bottom:.25rem}"
    "input,button{font:inherit;padding:.6rem .75rem;border:1px solid #6b7280;border-radius:.3rem;min-height:2.75rem}"
    "input{width:100%;margin-bottom:.75rem}button{background:#0b4f8a;border-color:#0b4f8a;color:#fff;width:100%}"
    ":focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}"
    "footer{color:#4b5563;font-size:.875rem}"
)
_AS_WRITTEN: Final = dict.fromkeys(("graduate", "school", "unit"), ' lang="zh-CN"')
"""Names are Chinese on either page, and read aloud so."""
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The page's Content-Security-Policy: its own style and nothing else."""


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
    listed = "".join(
        f"<div><dt>{_say(name, language)}</dt><dd{_AS_WRITTEN.get(name, '')}>{escape(value)}</dd></div>"
        for name, value in rows.items()
        if value
    )
    said = f'<p class="state {escape(state)}" role="status">{_say(state, language)}</p>'
    note = f"<p>{_detail(state, language)}</p>"
    return _page(language, f"/{document['code']}", f"{said}<dl>{listed}</dl>{note}")


def _kind(document: Mapping[str, Any], language: str) -> str:
    """Which placement, or which application, it is about."""
    about = "application" if document["application_kind"] else "placement"
    return texts.title(f"{about}-{document[f'{about}_kind']}", language)


def _say(name: str, language: str) -> str:
    return escape(texts.title(f"verify-{name}", language))


def _detail(name: str, language: str) -> str:
    return escape(texts.detail(f"verify-{name}", language))


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
    other = "en" if language == "zh-CN" else "zh-CN"
    heading, service = _say("heading", language), _say("service", language)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<title>{heading} · {service}</title><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body>"
        f'<header><p>{service}</p><nav><a href="/verify{escape(path)}?lang={other[:2]}" lang="{other}">'
        f"{_say('language', other)}</a></nav></header>"
        f"<main><h1>{heading}</h1>{content}</main><footer><p>{_say('note', language)}</p></footer></body></html>"
    )
