"""What the contract says in words."""

from collections.abc import Mapping
from typing import Final

TAGS: Final[Mapping[str, str]] = {
    "auth": "Captchas, one-time codes, registration, login.",
    "clients": "服务客户端: integrations of a body, their scopes and secrets, their tokens (OAuth 2).",
    "me": "The caller: who I am, what to do next, what I may open, my messages.",
    "jobs": "就业市场: posts of approved employers, searched by graduates.",
    "job-applications": "求职申请: a graduate applies with the fields they choose, the employer answers or invites.",
    "invitations": "邀请函: an employer invites, a graduate answers.",
    "placements": "毕业去向: destinations, entered agreements, and one read over all placements.",
    "agreements": "网签协议: drawn up on acceptance, reviewed in turn.",
    "applications": "就业手续: subsidies, awards, reassignments, deferred and lost certificates, files sent on.",
    "payments": "补贴发放: files for the bank, and imports of its results.",
    "terminations": "解约: one side asks, the other answers.",
    "amendments": "信息变更: harmless fields of a placement in force, reviewed once more.",
    "unemployed": "离校未就业实名登记: declared by the graduate, followed up by the bureau of residence.",
    "recoveries": "账号找回: a case for who has lost the phone, reviewed by the school or by support.",
    "reviews": "The review queue of a body: claims, decisions, decisions in bulk.",
    "employers": "用人单位: registration and its review.",
    "rosters": "生源信息: import, corrections.",
    "archives": "档案流向: where personal files went, and how.",
    "reveals": "Personal data unmasked, for a reason that its owner reads.",
    "bodies": "Schools, departments, bureaus, offices; their settings and staff.",
    "reference": "Codes, policies, the calendar, the workflows.",
    "documents": "证明材料: whether a document is genuine, and how things stand now.",
    "files": "Uploaded files.",
    "tasks": "Long work and its progress.",
    "sandbox": "Only in the sandbox: the clock, delivered messages, captcha answers.",
    "health": "For operators.",
}
DESCRIPTION: Final = """\
Where the graduates of a province go: agreements, reviews, terminations, over HTTP.

- Sign in at `POST /v1/auth/tokens`; send the access token as `Authorization: Bearer …`.
- Every record says what you may do now (`actions`) and what is yours but blocked, and why (`blocked`).
- A move is `POST …/transitions` with `If-Match: "<version>"`; repeat it safely with an `Idempotency-Key`.
- Every refusal is a problem (RFC 9457) with a stable `code`, in Chinese or English by `Accept-Language`;
  [what each code means](/problems).
- Every answer has an `X-Request-ID`, yours or a new one: name it when you ask about an answer.
"""
SERVER: Final = {"url": "/", "description": "This server, a sandbox or production.", "x-internal": False}
