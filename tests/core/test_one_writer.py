"""The rules of the house, read off the source: who writes, what a handler may be, where a commit may stand."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app

APP = Path(app.__file__).parent
WRITERS = {"db.py"}
"""Where a change of a procedure is written."""
OUTSIDE = {"devdb", "sandbox", "province.py", "__main__.py", "migrating.py"}
"""Not part of serving a request: founding, seeding, starting."""
LINES = 10


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """(name, tree) of the modules in these folders of the application, or of all."""
    for path in sorted(APP.rglob("*.py")):
        name = str(path.relative_to(APP))
        if name.split("/", 1)[0] in (folders or {name.split("/", 1)[0]}):
            yield name, ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """(last name, call) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def test_only_db_commits_and_rolls_back() -> None:
    found = {name for name, tree in modules() for called, _ in calls(tree) if called in ("commit", "rollback")}
    assert found <= WRITERS


def test_a_status_is_written_by_a_workflow_alone() -> None:
    """No UPDATE of a procedure's table outside of `db.apply`, but for sets that effects name, and the system's own."""
    tables = {"invitations", "placements", "terminations", "amendments", "applications", "employers", "recoveries"}
    found = {
        name
        for name, tree in modules()
        if name.split("/", 1)[0] not in OUTSIDE
        for called, call in calls(tree)
        if called == "update" and call.args and getattr(call.args[0], "id", "") in tables
    }
    endings = {f"workflows/{one}_endings.py" for one in ("amendment", "invitation", "termination")}
    assert found <= endings | {"workflows/rerouting.py", "workflows/pre_checks.py"}


def test_a_handler_has_ten_lines_and_no_branches() -> None:
    wrong = []
    for name, tree in modules("routers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef) and any(_routes(one) for one in node.decorator_list):
                body = [
                    part
                    for part in node.body
                    if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
                ]
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                branches = [part for part in ast.walk(node) if isinstance(part, ast.If | ast.Try | ast.For | ast.While)]
                if lines > LINES or branches:
                    wrong.append(f"{name}: {node.name}")
    assert wrong == []


def _routes(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "attr", "") in (
        "get",
        "post",
        "put",
        "patch",
        "delete",
    )
