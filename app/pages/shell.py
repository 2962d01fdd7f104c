"""What every public page shares: its frame, its one style, and the policy that lets it load nothing else."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Final

from app import texts

STYLE: Final = (
    ":root{color-scheme:light}*{box-sizing:border-box}"
    "body{margin:0;background:#f3f4f6;color:#1a1a1a;font:1rem/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif}"
    "header,main,footer{max-width:40rem;margin:0 auto;padding:1rem}"
    "header{display:flex;justify-content:space-between;align-items:center;gap:1rem}"
    "header p{margin:0;font-weight:600}a{color:#0b4f8a}"
    "main{background:#fff;border:1px solid #d1d5db;border-radius:.5rem;padding:1.25rem}"
    "@media(max-width:42rem){main{border-width:1px 0;border-radius:0}}"
    "h1{font-size:1.4rem;margin:0 0 1rem}h2{font-size:1.1rem;margin:0}"
    ".state{margin:0 0 1.25rem;padding:.75rem 1rem;border-left:.4rem solid;background:#f3f4f6;font-weight:600}"
    ".approved{color:#0b6b3a}.submitted,.issued{color:#8a4b00}.terminated,.unknown{color:#a01818}"
    "dl{margin:0}dl div{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.5rem 0;border-top:1px solid #e5e7eb}"
    "dt{flex:0 0 9rem;color:#4b5563}dd{flex:1 1 12rem;margin:0;overflow-wrap:anywhere}"
    "article{padding:1rem 0;border-top:1px solid #e5e7eb}article dl div{border:0;padding:.1rem 0}"
    "table{width:100%;border-collapse:collapse;margin:1.25rem 0 0}"
    "caption{text-align:left;font-weight:600;padding-bottom:.5rem}"
    "th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-top:1px solid #e5e7eb}"
    "th{color:#4b5563;font-weight:400}td{overflow-wrap:anywhere}td:first-child{white-space:nowrap}"
    "form{margin-top:1.25rem}label{display:block;margin-bottom:.25rem}"
    "input,button{font:inherit;padding:.6rem .75rem;border:1px solid #6b7280;border-radius:.3rem;min-height:2.75rem}"
    "input{width:100%;margin-bottom:.75rem}button{background:#0b4f8a;border-color:#0b4f8a;color:#fff;width:100%}"
    ":focus-visible{outline:3px solid #0b4f8a;outline-offset:2px}"
    "footer{color:#4b5563;font-size:.875rem}"
)
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of a page: its own style and nothing else."""
AS_WRITTEN: Final = ' lang="zh-CN"'
"""Names are Chinese on either page, and read aloud so."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser gets."""

    html: str
    status: int = 200


def title(code: str, language: str) -> str:
    """The short text of a code, as markup."""
    return escape(texts.title(code, language))


def detail(code: str, language: str) -> str:
    """The sentence of a code, as markup."""
    return escape(texts.detail(code, language))


def pairs(rows: Iterable[tuple[str, str, str]]) -> str:
    """A list of names and values: (name, value, attributes of the value), all markup."""
    return "<dl>" + "".join(f"<div><dt>{name}</dt><dd{how}>{value}</dd></div>" for name, value, how in rows) + "</dl>"


def frame(language: str, here: str, heading: str, content: str, note: str) -> str:
    """A whole page. `here` is its address without a language, of which the link to the other one is made."""
    other = "en" if language == "zh-CN" else "zh-CN"
    service = title("page-service", language)
    name = title("page-language", other)
    way = f"{escape(here)}{'&amp;' if '?' in here else '?'}lang={other[:2]}"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<title>{heading} · {service}</title><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head><body>"
        f'<header><p>{service}</p><nav><a href="{way}" lang="{other}">{name}</a></nav></header>'
        f"<main><h1>{heading}</h1>{content}</main><footer><p>{note}</p></footer></body></html>"
    )
