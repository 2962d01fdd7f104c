"""Bodies: the schools, departments, bureaus, offices and employers that act here, and where they are."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Key, Time


class Region(Base):
    """An administrative division (GB/T 2260)."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("app.regions.code"))


class Body(Base):
    """One body. A department hangs on its school, a county bureau on its city bureau, that on the provincial bureau."""

    __tablename__ = "bodies"
    __table_args__ = (
        CheckConstraint(
            "kind in ('provincial_bureau','provincial_education','city','county','school','department','employer',"
            "'support')",
            name="kind_is_known",
        ),
        Index("uq_bodies_kind_code", "kind", "code", unique=True),
        Index("ix_bodies_parent_id", "parent_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    region: Mapped[str | None] = mapped_column(ForeignKey("app.regions.code"))
    created_at: Mapped[Time]


class BureauOfRegion(Base):
    """The bureau that answers for a region: its county bureau, or for what has none the provincial bureau."""

    __tablename__ = "bureaus_of_regions"

    region: Mapped[str] = mapped_column(ForeignKey("app.regions.code"), primary_key=True)
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))


class School(Base):
    """A school of the official list (院校)."""

    __tablename__ = "schools"
    __table_args__ = (Index("uq_schools_body_id", "body_id", unique=True),)

    code: Mapped[str] = mapped_column(primary_key=True)
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    identifier: Mapped[str]
    name: Mapped[str]
    authority: Mapped[str]
    city: Mapped[str]
    level: Mapped[str]
