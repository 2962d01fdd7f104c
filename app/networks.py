"""Where a request comes from: the network of its sender, never the address itself.

An address is cut to what one subscriber or campus commonly has: /24 of IPv4, /56 of IPv6. A proxy that the operator
names in TRUSTED_PROXIES is believed when it says in X-Forwarded-For for whom it speaks; what a stranger writes there
is not read.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

KEPT: Final = {4: 24, 6: 56}
"""So many leading bits make the network."""
NOWHERE: Final = "unknown"
"""The network of a request without an address, through a socket file: all of them are one."""
_WITH_PORT: Final = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")


def network_of(peer: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """The sender's network, as text. `forwarded` are the X-Forwarded-For headers in their order.

    Read from the right, where each hop was added by the one before it in this walk: the first address that is no
    trusted proxy is the sender. A trusted proxy that names nobody, or nonsense, is the sender itself.
    """
    if not trusted:
        return _cut(peer)
    sender = _address(peer)
    hops = [hop for line in forwarded for hop in line.split(",")]
    while hops and sender is not None and any(sender in one for one in trusted):
        before = _address(hops.pop().strip())
        if before is None:
            break
        sender = before
    return _cut(None if sender is None else str(sender))


@lru_cache(maxsize=4096)
def _cut(address: str | None) -> str:
    found = _address(address)
    return NOWHERE if found is None else str(ip_network((found, KEPT[found.version]), strict=False))


def _address(text: str | None) -> Address | None:
    """An address, perhaps with a port; IPv4 written as IPv6 is IPv4."""
    if text is None:
        return None
    if found := _WITH_PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
