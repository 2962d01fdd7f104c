"""Sealing: a value opens in its own cell alone; indexes and fingerprints never mix what differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.sealing import BlindIndex, Fingerprint, SealBroken, Sealer, framed, subkey

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
CELL = {"table": "persons", "column": "id_number", "row": "01937d3e-0000-7000-8000-000000000001"}
ID_NUMBER = "11010519491231002X"

sealer = Sealer({"2026": OLD, "2027": NEW}, "2027")


@given(st.text())
def test_what_was_sealed_opens_in_its_cell(text: str) -> None:
    assert sealer.open(sealer.seal(text, **CELL), **CELL) == text


def test_sealing_shows_nothing_and_never_repeats() -> None:
    first, second = (sealer.seal(ID_NUMBER, **CELL) for _ in range(2))
    assert first != second
    assert ID_NUMBER.encode() not in first


@pytest.mark.parametrize("part", CELL)
def test_a_value_moved_to_another_cell_does_not_open(part: str) -> None:
    sealed = sealer.seal(ID_NUMBER, **CELL)
    with pytest.raises(SealBroken, match="another cell"):
        sealer.open(sealed, **CELL | {part: CELL[part] + "x"})


def test_the_borders_of_a_cell_are_part_of_it() -> None:
    sealed = sealer.seal(ID_NUMBER, table="ab", column="c", row="1")
    with pytest.raises(SealBroken):
        sealer.open(sealed, table="a", column="bc", row="1")


def test_no_byte_of_a_sealed_value_can_be_changed() -> None:
    sealed = sealer.seal("身份证", **CELL)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            sealer.open(bytes(changed), **CELL)


def test_no_cut_of_a_sealed_value_opens() -> None:
    sealed = sealer.seal("", **CELL)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            sealer.open(sealed[:length], **CELL)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_do_not_open(noise: bytes) -> None:
    with pytest.raises(SealBroken):
        sealer.open(noise, **CELL)


def test_a_key_of_yesterday_opens_and_says_so() -> None:
    sealed = Sealer({"2026": OLD}, "2026").seal(ID_NUMBER, **CELL)
    assert Sealer.key_id(sealed) == "2026"
    assert sealer.open(sealed, **CELL) == ID_NUMBER
    assert Sealer.key_id(sealer.seal(ID_NUMBER, **CELL)) == "2027"


def test_a_key_that_is_gone_is_named() -> None:
    sealed = sealer.seal(ID_NUMBER, **CELL)
    with pytest.raises(SealBroken, match="2027"):
        Sealer({"2026": OLD}, "2026").open(sealed, **CELL)


def test_another_key_under_the_same_id_does_not_open() -> None:
    with pytest.raises(SealBroken):
        Sealer({"2027": OLD}, "2027").open(sealer.seal(ID_NUMBER, **CELL), **CELL)


@pytest.mark.parametrize(("keys", "current"), [({}, "a"), ({"a": OLD}, "b"), ({"a": OLD[:31]}, "a"), ({"": OLD}, "")])
def test_a_sealer_refuses_keys_it_cannot_use(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(ValueError, match="key"):
        Sealer(keys, current)


def test_an_index_finds_equal_values_of_a_kind_under_a_key() -> None:
    index = BlindIndex(OLD)
    known = index.of("phone", "13812345678")
    assert known == BlindIndex(OLD).of("phone", "13812345678")
    assert len(known) == 32
    others = {
        index.of("phone", "13812345679"),
        index.of("id_number", "13812345678"),
        BlindIndex(NEW).of("phone", "13812345678"),
    }
    assert known not in others
    assert index.of("ab", "c") != index.of("a", "bc")


parts = st.lists(st.none() | st.text(max_size=8) | st.binary(max_size=8), max_size=4)


@given(parts, parts)
def test_different_parts_have_different_frames(
    first: list[bytes | str | None], second: list[bytes | str | None]
) -> None:
    assert (framed(*first) == framed(*second)) == (first == second)


def test_a_fingerprint_tells_requests_apart() -> None:
    fingerprint = Fingerprint(OLD)
    assert fingerprint.of("POST", "/v1/agreements", None, b"{}") == fingerprint.of(
        "POST", "/v1/agreements", None, b"{}"
    )
    variants = [("POST", "/v1", None), ("POST", "/v1", ""), ("POST", "/v1", b""), ("POST", "/v1"), ("POST/v1", None)]
    assert len({fingerprint.of(*variant) for variant in variants}) == len(variants)
    assert fingerprint.of("POST") != Fingerprint(NEW).of("POST")


def test_a_subkey_serves_one_purpose() -> None:
    made = {subkey(OLD, "idempotency"), subkey(OLD, "one-time-codes"), subkey(NEW, "idempotency"), OLD}
    assert len(made) == 4
    assert all(len(key) == 32 for key in made)
    assert subkey(OLD, "idempotency") in made


@pytest.mark.parametrize("use", [BlindIndex, Fingerprint, lambda key: subkey(key, "any")])
def test_a_short_key_is_refused(use: type) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        use(b"short")
