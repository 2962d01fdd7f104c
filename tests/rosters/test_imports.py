"""A roster goes in: files of every kind, dry run, report, idempotence, and what a row may not do to another."""

from tests.rosters.given import a_row, as_csv, as_xlsx, counts, imported, refused, rows_of
from tests.world import World


async def test_a_roster_goes_in(world: World) -> None:
    school = await world.staff("school")
    found = await imported(world, school, as_csv(rows_of(world, 3)))
    assert counts(found) == (3, 0, 0, 0)
    names = await world.line.fetch("select name from app.roster_entries where school_id = $1 order by name", school.body)
    assert [row["name"] for row in names] == ["王小明1", "王小明2", "王小明3"]
