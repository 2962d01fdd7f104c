"""Signatures by themselves: whole, trusted, refused when touched, the same again, invisible, and beside the loop."""

import asyncio
import subprocess
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import which
from time import perf_counter

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.certificates import Certified, certified, self_signed
from app.documents.contents import content
from app.documents.printer import Printer
from app.documents.signing import SANDBOX, Signer
from app.errors import Unavailable
from app.settings import Settings
from app.words import DocumentKind
from tests.documents.drawn import ISSUED, row
from tests.documents.signatures import NAME, NOW, Authority, holds, judged, p256, rsa_key

CONTENT = content(row(), "https://jiuye.example.cn", None)


@pytest.fixture(scope="module")
def printer() -> Printer:
    return Printer(None)


@pytest.fixture(scope="module")
def unsigned(printer: Printer) -> bytes:
    return printer.draw(DocumentKind.AGREEMENT, CONTENT, ISSUED)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def key(authority: Authority) -> Certified:
    return authority.certified()


@pytest.fixture(scope="module")
async def signed(unsigned: bytes, key: Certified) -> bytes:
    return await Signer([key]).sign(unsigned, ISSUED, key)


def damaged(pdf: bytes, place: int) -> bytes:
    """One bit of it turned."""
    changed = bytearray(pdf)
    changed[place] ^= 1
    return bytes(changed)


def revised(pdf: bytes) -> bytes:
    """The same with one more revision, which turns the first page."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    changed = BytesIO()
    writer.write(changed)
    return changed.getvalue()


# -- what others say of it --------------------------------------------------------------------------------------------


async def test_it_is_intact_trusted_and_covers_the_whole_file(
    signed: bytes, unsigned: bytes, authority: Authority, key: Certified
) -> None:
    status = await judged(signed, authority.root)
    assert status is not None
    assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True, True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.signing_cert.sha256 == key.fingerprint
    assert status.signer_reported_dt == ISSUED
    assert signed.startswith(unsigned), "the PDF that was drawn, and what was added to it"
    with pikepdf.open(BytesIO(signed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert (field.V.SubFilter, pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == ("/ETSI.CAdES.detached", 1)
        assert "/Version" not in pdf.Root, "PDF 1.7, of which PDF/UA-1 is"
        assert (int(field.F) & 2, str(field.TU), pdf.pages[0].Tabs) == (2, "电子签名", "/S"), "hidden, named, in order"


async def test_whatever_is_touched_is_refused(signed: bytes, unsigned: bytes, authority: Authority) -> None:
    assert await holds(signed, authority.root), "the control"
    assert not await holds(signed, Authority().root), "nobody trusts its authority"
    assert not await holds(unsigned, authority.root)
    text = signed.index(b"stream", len(unsigned) // 2)
    for place in (text + 20, signed.rindex(b"/Reason") + 12, signed.rindex(b"/Contents") + 99, len(signed) - 9):
        assert not await holds(damaged(signed, place), authority.root), place
    changed = revised(signed)
    status = await judged(changed, authority.root)
    assert changed.startswith(signed)
    assert status is not None
    assert status.intact, "what was signed is still there"
    assert not await holds(changed, authority.root)
    assert not status.bottom_line, "but nothing may come after it"


@pytest.mark.skipif(not which("pdfsig"), reason="poppler-utils is not installed: nobody else judges the signature")
def test_poppler_agrees(signed: bytes, tmp_path: Path) -> None:
    def said(pdf: bytes) -> str:
        (tmp_path / "one.pdf").write_bytes(pdf)
        return subprocess.run(["pdfsig", "one.pdf"], cwd=tmp_path, capture_output=True, check=False).stdout.decode()

    for part in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "SHA-256", f"CN={NAME}"):
        assert part in said(signed)
    text = signed.index(b"stream", len(signed) // 2)
    assert "Digest Mismatch" in said(damaged(signed, text + 20))
    assert "Total document signed" not in said(revised(signed))


@pytest.mark.skipif(not which("pdftoppm"), reason="poppler-utils is not installed: a page cannot be looked at")
def test_no_page_looks_otherwise(printer: Printer, signed: bytes, unsigned: bytes, tmp_path: Path) -> None:
    def looks(pdf: bytes) -> list[bytes]:
        (tmp_path / "one.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "60", "one.pdf", "page"], cwd=tmp_path, check=True)
        return [path.read_bytes() for path in sorted(tmp_path.glob("page*"))]

    assert looks(signed) == looks(unsigned)
    other = printer.draw(DocumentKind.AGREEMENT, {**CONTENT, "number": "1"}, ISSUED)
    assert looks(signed) != looks(other), "the control"


# -- how it is made ---------------------------------------------------------------------------------------------------


async def test_the_same_document_is_signed_to_the_same_bytes(
    signed: bytes, unsigned: bytes, authority: Authority, key: Certified
) -> None:
    signer, other = Signer([key]), authority.certified()
    assert await signer.sign(unsigned, ISSUED, key) == signed
    assert await signer.sign(unsigned, ISSUED + timedelta(days=1), key) != signed
    assert await signer.sign(unsigned, ISSUED, other) != signed


async def test_signing_leaves_the_loop_free_and_costs_less_than_another_few_drawings(
    printer: Printer, unsigned: bytes, key: Certified
) -> None:
    """A document stays below 150 ms: drawing has its own test, and signing is no more than a small multiple of it."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    async def took(work: Awaitable[bytes]) -> float:
        began = perf_counter()
        await work
        return perf_counter() - began

    signer, other = Signer([key]), [{**CONTENT, "number": str(number)} for number in range(8)]
    await signer.sign(unsigned, ISSUED, key)
    drawing = min([await took(printer.print(DocumentKind.AGREEMENT, one, ISSUED)) for one in other])
    ticking = asyncio.create_task(tick())
    signing = min([await took(signer.sign(unsigned, ISSUED, key)) for _ in other])
    ticking.cancel()
    assert ticks > len(other), "the loop went on while a thread signed"
    assert signing < 5 * drawing, f"{signing * 1000:.0f} ms to sign, {drawing * 1000:.0f} ms to draw"


# -- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_that_would_not_hold_is_refused_with_the_reason(authority: Authority) -> None:
    good = authority.pem()
    private, certificates = good[: good.index("-----BEGIN CERT")], good[good.index("-----BEGIN CERT") :]
    faults = {
        "not the PEM": (certificates, private, "swordfish"),
        "not RSA of 3072 bits": (authority.pem(key=rsa_key(2048)), authority.pem(key=p256())),
        "the certificate of another key": (private + authority.pem().split("PRIVATE KEY-----\n")[-1],),
        "did not issue the one before it": (authority.pem(above=(authority.below, Authority().root)),),
        "not for signatures": (authority.pem(usages=("key_encipherment",)),),
        "without one common name": (authority.pem(name=""), authority.pem(name=" 前后有空格 ")),
    }
    for fault, pems in faults.items():
        for pem in pems:
            with pytest.raises(ValueError, match=fault):
                certified(pem)
    assert certified(good).name == NAME, "the control"


def test_nothing_is_signed_past_the_end_of_a_certificate(authority: Authority) -> None:
    key = authority.certified(until=NOW + timedelta(days=1))
    assert Signer([key]).current(NOW) is key
    for time in (NOW + timedelta(days=2), NOW - timedelta(days=31)):
        with pytest.raises(Unavailable, match="signing-unavailable"):
            Signer([key]).current(time)


async def test_a_sandbox_makes_its_key_once(unsigned: bytes, tmp_path: Path) -> None:
    sandbox = Settings(data_dir=tmp_path / "new")
    with ThreadPoolExecutor(3) as starting:
        signers = [*starting.map(lambda _: Signer.of(sandbox), range(3))]
    (key,) = {one.current(NOW + timedelta(hours=1)).fingerprint: one.current(NOW) for one in signers}.values()
    kept = sandbox.data_dir / SANDBOX
    assert [*sandbox.data_dir.iterdir()] == [kept]
    assert kept.stat().st_mode & 0o077 == 0, "for the owner's eyes alone"
    assert await holds(await signers[0].sign(unsigned, ISSUED, key), key.chain[0])
    named = Settings(data_dir=tmp_path / "none", document_keys={"own": self_signed("自有", NOW, 1)})
    assert Signer.of(named).current(NOW).name == "自有"
    assert not named.data_dir.exists()
