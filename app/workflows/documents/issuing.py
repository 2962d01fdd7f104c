"""Issuing: which documents a record gets and when, and that nothing is agreed which could not be printed.

Every document has its code from the beginning. Those of an approval are stored by the worker, promised in its commit.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.change import Row
from app.documents.printer import unprintable
from app.errors import Reason
from app.models import IssuedDocument
from app.models.base import table_of
from app.outbox import promise
from app.words import DocumentKind, PlacementKind
from app.workflows.engine import Piece, Scene
from app.workflows.situations import At

ENTRYPOINT: Final = "store_documents"
AGREEMENTS: Final = (PlacementKind.ONLINE_AGREEMENT, PlacementKind.ENTERED_AGREEMENT)
_OF_EVERY_KIND: Final = (DocumentKind.INFORMATION_SHEET, DocumentKind.DESTINATION_CERTIFICATE)
_PRINTED: Final = ("graduate_name", "school_name", "major", "unit_name", "employer", "terms", "details")

documents = table_of(IssuedDocument)


# -- rules ------------------------------------------------------------------------------------------------------------


def every_glyph_prints(scene: Scene) -> Reason | None:
    """Each character of what would be agreed can be printed: names and terms come out as they are, never as boxes."""
    record = scene.record
    return unprintable(scene.glyphs, [record.get(name) for name in _PRINTED])


def the_comment_prints(scene: Scene) -> Reason | None:
    """The reviewer's opinion stands on the document too."""
    return unprintable(scene.glyphs, getattr(scene.move, "comment", None))


# -- effects ----------------------------------------------------------------------------------------------------------


def issue_the_agreement(scene: Scene) -> Iterable[Piece]:
    """An agreement that binds before it is reviewed can be printed and verified from then on."""
    yield _issued(scene, DocumentKind.AGREEMENT, 1 if scene.source is None else scene.record.version + 1)


def issue_the_documents(scene: Scene) -> Iterable[Piece]:
    """With its approval a placement gets its documents, and the promise that they are stored."""
    if scene.to == At.APPROVED:
        agreement = (DocumentKind.AGREEMENT,) if scene.record.kind in AGREEMENTS else ()
        for kind in (*agreement, *_OF_EVERY_KIND):
            yield _issued(scene, kind, scene.record.version + 1)
        yield promise(ENTRYPOINT, {"placement_id": scene.id})


def issue_the_certificate(scene: Scene) -> Iterable[Piece]:
    """The certificate of the dispatch that an approval records: its code, and no copy that is stored."""
    given = {"application_id": scene.id, "kind": DocumentKind.DISPATCH_CERTIFICATE.value, "issued_at": scene.at}
    yield Row(documents, {"id": scene.fresh.id(), "code": scene.fresh.code(), **given})


def _issued(scene: Scene, kind: DocumentKind, version: int) -> Row:
    values: Mapping[str, Any] = {
        "id": scene.fresh.id(),
        "placement_id": scene.id,
        "placement_version": version,
        "kind": kind.value,
        "code": scene.fresh.code(),
        "issued_at": scene.at,
    }
    return Row(documents, values)
