"""What a person would call the device in front of them, told by the User-Agent: coarse on purpose, to recognize by."""

from typing import Final

_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""A mark in the text, and the name that it stands for. The first one counts: most pretend to be those after them."""
_LONGEST: Final = 1000


def device_of(user_agent: str) -> str | None:
    """Such as "Edge, Windows"; None for what names neither a browser nor a system. Nothing else of it is kept."""
    text = user_agent[:_LONGEST]
    named = (next((name for mark, name in marks if mark in text), None) for marks in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in named if name) or None
