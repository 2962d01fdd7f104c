"""Keys that sign documents, each with its X.509 certificate and those above it; and self-signed ones.

Such a key is one PEM: the private key, its certificate, the certificate that issued that one, and so on. The root that
others trust may be left out. It is RSA: PDF knows other kinds only since 2.0, and ours are PDF/UA-1, which is 1.7.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    ExtensionNotFound,
    KeyUsage,
    Name,
    NameAttribute,
    SubjectKeyIdentifier,
    load_pem_x509_certificates,
    random_serial_number,
)
from cryptography.x509.oid import NameOID
from pydantic import TypeAdapter, ValidationError

from app.words import SignerName

LEAST_BITS: Final = 3072
"""128 bits of security (NIST SP 800-57)."""
_SIGNS: Final = {"digital_signature": True, "content_commitment": True, "key_encipherment": False,
                 "data_encipherment": False, "key_agreement": False, "key_cert_sign": False, "crl_sign": False,
                 "encipher_only": False, "decipher_only": False}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Certified:
    """A private key and its certificates: its own first, each of the others issued the one before it."""

    key: RSAPrivateKey
    chain: tuple[Certificate, ...]

    @property
    def name(self) -> str:
        """Whom the certificate names: the common name of its subject."""
        return str(self.chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate, as readers of PDFs show it."""
        return self.chain[0].fingerprint(SHA256())

    def good_at(self, time: datetime) -> bool:
        """Whether the certificate, and all above it, are valid then."""
        return all(one.not_valid_before_utc <= time <= one.not_valid_after_utc for one in self.chain)


@cache
def certified(pem: str) -> Certified:
    """Read a key with its certificates, once: proving that an RSA key is one takes a tenth of a second.

    ValueError says what is wrong, and nothing of what was given.
    """
    try:
        key = load_pem_private_key(pem.encode(), password=None)
        chain = tuple(load_pem_x509_certificates(pem.encode()))
    except (ValueError, TypeError):  # TypeError: the key wants a password
        raise ValueError("is not the PEM of a private key followed by its certificate") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise ValueError(f"has a key that is not RSA of {LEAST_BITS} bits or more")
    for demand, fault in _DEMANDS:
        if not demand(key, chain):
            raise ValueError(fault)
    return Certified(key, chain)


def self_signed(name: str, now: datetime, days: int) -> str:
    """A new key with a certificate of its own making, as PEM. Whoever trusts it compares its fingerprint."""
    key = generate_private_key(65537, LEAST_BITS)
    named = Name([NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(KeyUsage(**_SIGNS), critical=True)
        .add_extension(SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + certificate.public_bytes(Encoding.PEM)).decode()


def _its_own(key: RSAPrivateKey, chain: tuple[Certificate, ...]) -> bool:
    return chain[0].public_key() == key.public_key()


def _issued(_: RSAPrivateKey, chain: tuple[Certificate, ...]) -> bool:
    try:
        for one, above in pairwise(chain):
            one.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _for_signatures(_: RSAPrivateKey, chain: tuple[Certificate, ...]) -> bool:
    """Readers ask for the usage that binds the signer (RFC 5280, 4.2.1.3), where usages are listed."""
    try:
        return bool(chain[0].extensions.get_extension_for_class(KeyUsage).value.content_commitment)
    except ExtensionNotFound:
        return True


def _named(_: RSAPrivateKey, chain: tuple[Certificate, ...]) -> bool:
    """By one name that can be told and kept (X.520 gives it 64 characters)."""
    names = chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    try:
        return len(names) == 1 and TypeAdapter(SignerName).validate_python(names[0].value) == names[0].value
    except ValidationError:
        return False


_DEMANDS: Final[tuple[tuple[Callable[[RSAPrivateKey, tuple[Certificate, ...]], bool], str], ...]] = (
    (_its_own, "has the certificate of another key"),
    (_issued, "has certificates of which one did not issue the one before it"),
    (_for_signatures, "has a certificate that is not for signatures (contentCommitment)"),
    (_named, "has a certificate without one common name of at most 64 characters"),
)
