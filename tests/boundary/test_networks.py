"""Whose network a request is of: the peer's, unless the peer is a proxy that the operator trusts."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks import NOWHERE, network_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48"))


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.250", "203.0.113.0/24"),
        ("203.0.114.7", "203.0.114.0/24"),
        ("2001:db8:7:1ff::1", "2001:db8:7:100::/56"),
        ("2001:db8:7:200::1", "2001:db8:7:200::/56"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        (None, NOWHERE),
        ("/run/service.sock", NOWHERE),
    ],
)
def test_an_address_is_cut_to_its_network(peer: str | None, network: str) -> None:
    assert network_of(peer, (), ()) == network
    assert network_of(peer, (), PROXIES) == network


@given(forwarded=st.lists(st.text() | st.ip_addresses().map(str)))
def test_what_a_stranger_writes_is_not_read(forwarded: list[str]) -> None:
    for trusted in ((), PROXIES):
        assert network_of("203.0.113.7", forwarded, trusted) == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        (["198.51.100.9"], "198.51.100.0/24"),
        (["198.51.100.9:5060"], "198.51.100.0/24"),
        (["[2001:db8:7:1ff::1]:5060"], "2001:db8:7:100::/56"),
        (["192.0.2.1, 198.51.100.9"], "198.51.100.0/24"),  # what the sender wrote stands left of what the proxy saw
        (["192.0.2.1", "198.51.100.9"], "198.51.100.0/24"),
        (["198.51.100.9, 10.1.1.1"], "198.51.100.0/24"),
        (["198.51.100.9", "2001:db8:1::5, 10.1.1.1"], "198.51.100.0/24"),
        (["10.1.1.1"], "10.1.1.0/24"),
        (["198.51.100.9, nonsense"], "10.0.0.0/24"),
        ([""], "10.0.0.0/24"),
        ([], "10.0.0.0/24"),
    ],
)
def test_a_trusted_proxy_says_for_whom_it_asks(forwarded: list[str], network: str) -> None:
    assert network_of("10.0.0.5", forwarded, PROXIES) == network


@given(forwarded=st.lists(st.text() | st.ip_addresses().map(str)))
def test_no_header_breaks_a_request(forwarded: list[str]) -> None:
    assert network_of("10.0.0.5", forwarded, PROXIES)
