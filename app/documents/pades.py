"""PAdES B-B (ETSI EN 319 142-1): the signature of a PDF, invisible, under which nothing may be changed any more.

The only module that knows pyHanko. A revision is appended to the PDF, whose own bytes stay as they are. The same PDF
signed again by the same key for the same time is the same bytes: RSA with PKCS #1 v1.5 draws no lots, the file's new
identifier is a digest of the former file, and the time is the one given.
"""

import asyncio
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.certificates import Certified

FIELD: Final = SigFieldSpec(
    "Signature",
    readable_field_name="电子签名",
    invis_sig_settings=InvisSigSettings(set_hidden_flag=True, box_out_of_bounds=True),  # as PDF/UA asks
)
META: Final = PdfSignatureMetadata(
    field_name=FIELD.sig_field_name,
    md_algorithm="sha256",
    reason="审核通过，由本服务出具",
    subfilter=SigSeedSubFilter.PADES,
    certify=True,
    docmdp_permissions=MDPPerm.NO_CHANGES,
)
_BESIDE_CERTIFICATES: Final = 2048
"""Bytes that a signature takes beside its certificates, at most: 512 of them for RSA of 4096 bits."""


def sign(pdf: bytes, at: datetime, by: Certified) -> bytes:
    """The PDF, signed as of this time: 11 ms, most of it with the GIL held. For a thread."""
    return asyncio.run(_signed(pdf, at, by))


async def _signed(pdf: bytes, at: datetime, by: Certified) -> bytes:
    session = PdfSigner(META, _Key(by), new_field_spec=FIELD).init_signing_session(_Writer(BytesIO(pdf)))
    session.system_time = at
    room = _BESIDE_CERTIFICATES + sum(len(one.public_bytes(Encoding.DER)) for one in by.chain)
    unsigned = session.prepare_tbs_document(None, 2 * room)  # in hexadecimal
    signed = BytesIO()
    digest, _ = unsigned.digest_tbs_document(output=signed)
    attributes = PdfCMSSignedAttributes(signing_time=at)
    await unsigned.perform_signature(digest.document_digest, attributes)
    return signed.getvalue()


class _Key(Signer):
    """Signs with a key that is at hand, the same way each time."""

    def __init__(self, by: Certified) -> None:
        own, *above = (Certificate.load(one.public_bytes(Encoding.DER)) for one in by.chain)
        store = SimpleCertificateStore()
        store.register_multiple(above)
        super().__init__(signing_cert=own, cert_registry=store)
        self._key = by.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 (as pyHanko asks)
        return self._key.sign(data, PKCS1v15(), SHA256())


class _Writer(IncrementalPdfFileWriter):
    """Appends the signature and nothing else: no date of now, and no identifier by lot, as pyHanko's own would."""

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        first, _ = super()._handle_id(prev)  # type: ignore[no-untyped-call]
        prev.stream.seek(0)
        return ArrayObject([first, ByteStringObject(sha256(prev.stream.read()).digest()[:16])])

    def _update_meta(self) -> None:
        """Title and times are those of the PDF that was drawn."""
