"""Scopes, read off the declarations: each opens something, reading ones open reads alone, the rest is for people."""

from collections.abc import Iterator

import pytest

from app.main import create_app
from app.permissions import Permission
from app.routers.calling import Asking, door_of, routes_of
from app.settings import Settings
from app.words import GRAVE, ActorKind, Scope, StaffRole, roles_of


@pytest.fixture(scope="module")
def operations(settings: Settings) -> list[tuple[str, str, Permission]]:
    """(method, path, permission) of each operation for callers."""
    return list(_operations(settings))


def _operations(settings: Settings) -> Iterator[tuple[str, str, Permission]]:
    for route in routes_of(create_app(settings, "postgresql://nowhere")):
        door = door_of(route)
        if isinstance(door, Asking):
            yield from ((method, route.path, door.permission) for method in route.methods or ())


def test_each_scope_opens_something(operations: list[tuple[str, str, Permission]]) -> None:
    assert {permission.scope for _, _, permission in operations} - {None} == {*Scope}


def test_a_scope_for_reading_opens_reads_alone(operations: list[tuple[str, str, Permission]]) -> None:
    opened = {(method, permission.scope) for method, _, permission in operations if permission.scope}
    assert {method for method, scope in opened if scope.endswith(":read")} == {"GET"}
    others = {method for method, scope in opened if not scope.endswith(":read") and scope is not Scope.EXPORTS}
    assert others <= {"POST", "PUT", "DELETE"}, "an export is asked for, and then fetched"


def test_accounts_and_settings_are_the_business_of_people(operations: list[tuple[str, str, Permission]]) -> None:
    guarded = ("/v1/me", "/v1/auth", "/v1/staff", "/v1/clients", "/v1/calendar", "/v1/recoveries")
    found = [(path, permission.scope) for _, path, permission in operations if path.startswith(guarded)]
    assert len(found) >= 20
    assert {scope for _, scope in found} == {None}


@pytest.mark.parametrize("scope", Scope)
def test_a_client_has_the_roles_that_its_scope_needs(
    operations: list[tuple[str, str, Permission]], scope: Scope
) -> None:
    roles = [role.value for role in roles_of([scope])]
    asked = [permission for _, _, permission in operations if permission.scope is scope]
    assert all(permission.holds(kind, roles) for permission in asked for kind in permission.kinds)
    assert (StaffRole.ADMINISTRATOR in roles) == (scope is Scope.ROSTERS_IMPORT)


def test_grave_scopes_open_what_is_grave_and_nothing_else(operations: list[tuple[str, str, Permission]]) -> None:
    found = {(permission.scope, path) for _, path, permission in operations if permission.scope in GRAVE}
    assert found == {
        (Scope.REVIEWS_BULK, "/v1/reviews/decisions"),
        (Scope.REVIEWS_BULK, "/v1/payments/imports"),
        (Scope.EXPORTS, "/v1/payments/exports"),
        (Scope.EXPORTS, "/v1/payments/exports/{id}"),
        (Scope.REVEAL, "/v1/reveals"),
    }


def test_no_scope_is_for_graduates_or_employers_alone(operations: list[tuple[str, str, Permission]]) -> None:
    people = {ActorKind.GRADUATE, ActorKind.EMPLOYER}
    assert all(permission.kinds - people for _, _, permission in operations if permission.scope)
