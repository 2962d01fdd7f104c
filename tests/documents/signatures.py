"""An authority that certifies keys, and how others judge a signed PDF: pyHanko's own validator, poppler's pdfsig."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, Final

import asn1crypto.x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    KeyUsage,
    Name,
    NameAttribute,
    SubjectKeyIdentifier,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from app.certificates import Certified, certified

NAME: Final = "某省高校毕业生就业服务"
NOW: Final = datetime.now(UTC)
_USAGES: Final = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def rsa_key(bits: int = 3072) -> rsa.RSAPrivateKey:
    """A key: half a second for 3072 bits."""
    return rsa.generate_private_key(65537, bits)


def p256() -> ec.EllipticCurvePrivateKey:
    """A key of another kind."""
    return ec.generate_private_key(ec.SECP256R1())


class Authority:
    """A root and one authority below it."""

    def __init__(self) -> None:
        self._root_key, self._key = p256(), p256()
        self.root = _certificate("根", self._root_key, None, self._root_key, ("key_cert_sign",))
        self.below = _certificate("签发机构", self._key, self.root, self._root_key, ("key_cert_sign",))

    def pem(
        self,
        name: str = NAME,
        key: PrivateKey | None = None,
        usages: Sequence[str] = ("digital_signature", "content_commitment"),
        until: datetime = NOW + timedelta(days=90),
        above: Sequence[Certificate] | None = None,
    ) -> str:
        """A key with its certificate and those above it, as an operator sets it."""
        key = key or rsa_key()
        own = _certificate(name, key, self.below, self._key, usages, until)
        chain = (own, *((self.below,) if above is None else above))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return (private + b"".join(one.public_bytes(Encoding.PEM) for one in chain)).decode()

    def certified(self, **given: Any) -> Certified:
        """The same, read."""
        return certified(self.pem(**given))


def _certificate(
    name: str, key: PrivateKey, above: Certificate | None, by: ec.EllipticCurvePrivateKey,
    usages: Sequence[str], until: datetime = NOW + timedelta(days=900),
) -> Certificate:  # fmt: skip
    subject = Name([NameAttribute(NameOID.COMMON_NAME, name)] if name else [])
    ca = "key_cert_sign" in usages
    return (
        CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(SubjectKeyIdentifier.from_public_key(key.public_key()).digest) >> 1)
        .not_valid_before(min(NOW, until) - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(KeyUsage(**{one: one in usages for one in _USAGES}), critical=True)
        .add_extension(SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, SHA256())
    )


async def judged(pdf: bytes, root: Certificate) -> PdfSignatureStatus | None:
    """What pyHanko's validator says of the one signature of a PDF, with this root trusted and nothing fetched."""
    signatures = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
    if not signatures:
        return None
    (one,) = signatures
    trusted = asn1crypto.x509.Certificate.load(root.public_bytes(Encoding.DER))
    return await async_validate_pdf_signature(one, ValidationContext(trust_roots=[trusted], allow_fetching=False))


async def holds(pdf: bytes, root: Certificate) -> bool:
    """Whether the signature is intact, trusted, covers the whole file, and nothing was changed after it."""
    try:
        status = await judged(pdf, root)
    except (CMSExtractionError, PdfReadError):
        return False
    return status is not None and status.bottom_line and status.coverage.name == "ENTIRE_FILE"
