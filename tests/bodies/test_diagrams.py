"""The drawn workflows are those that decide, and lead from their beginning to every situation."""

from pathlib import Path

import pytest

import app
from app.workflows.diagrams import diagram, pages
from app.workflows.procedures import WORKFLOWS
from app.workflows.published import described

FOLDER = Path(app.__file__).parent.parent / "docs" / "workflows"


def test_the_committed_pages_are_up_to_date() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")} == pages()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_arrow_of_a_table_is_drawn_once(name: str) -> None:
    workflow = WORKFLOWS[name]
    lines = diagram(described(workflow)).splitlines()
    arrows = [line for line in lines if ": " in line]
    expected = sum(max(1, len(row.sources)) * len(row.outcomes) for row in workflow.table)
    assert lines[0] == "stateDiagram-v2"
    assert len(arrows) == len(set(arrows)) == expected
    assert f"    [*] --> {next(row for row in workflow.table if not row.sources).outcomes[0]}: " in "\n".join(arrows)
