"""What administrators change of the accounts of staff, never of their own: each change is a step of the trail."""

from collections.abc import Mapping
from typing import Any, Final

from app.change import Change, Update
from app.db import Result, Stale
from app.errors import Busy, Conflict, VersionRequired
from app.errors import Stale as StaleVersion
from app.policies import Actor
from app.schemas.staff import StaffPatch
from app.service import Caller
from app.workflows.accounts.account_steps import sessions_end, step
from app.workflows.accounts.staff import accounts, administered, handed_over, initial_password, shown
from app.workflows.looking import Answer

_ATTEMPTS: Final = 2
_UNENROLLED: Final[Mapping[str, Any]] = {
    "totp_sealed": None,
    "totp_step": None,
    "totp_pending_sealed": None,
    "recovery_codes": [],
}


async def edit(caller: Caller, account: str, patch: StaffPatch, version: int | None) -> Answer:
    """Another name or other roles, on the version that the caller saw. They hold from the next request on."""
    who, row = await _others(caller, account, version)
    wanted = patch.model_dump(mode="json", exclude_none=True)
    new = {name: value for name, value in wanted.items() if value != row[name]}
    if new:
        row = await _changed(caller, who, row, "edit", new, diff={name: [row[name], new[name]] for name in new})
    return shown(row)


async def reset(caller: Caller, account: str, version: int | None) -> Answer:
    """A new initial password, told once; the second factor is to be enrolled anew, and every session ends."""
    who, row = await _others(caller, account, version)
    password, initial = await initial_password(caller.service)
    return handed_over(await _changed(caller, who, row, "reset", {**_UNENROLLED, **initial}, leave=True), password)


async def disable(caller: Caller, account: str) -> Answer:
    """Let somebody in no more; their sessions end at once. Disabling twice is the same as once."""
    return await _settle(caller, account, "disable", disabled=True)


async def enable(caller: Caller, account: str) -> Answer:
    """Let somebody in again. Sessions from before stay ended."""
    return await _settle(caller, account, "enable", disabled=False)


async def _settle(caller: Caller, account: str, action: str, *, disabled: bool) -> Answer:
    for _ in range(_ATTEMPTS):
        who, row = await administered(caller, account)
        if row.id == who.account_id:
            raise Conflict("own-account")
        if bool(row.disabled_at) is disabled:
            return shown(row)
        at = caller.service.clock.real() if disabled else None
        try:
            return shown(await _changed(caller, who, row, action, {"disabled_at": at}, leave=disabled))
        except StaleVersion:
            continue
    raise Busy("rows-busy", retry_after=1)


async def _others(caller: Caller, account: str, version: int | None) -> tuple[Actor, Result]:
    """The caller and somebody else's account, at the version that the caller saw."""
    who, row = await administered(caller, account)
    if version is None:
        raise VersionRequired
    if version != row.steps:
        raise StaleVersion
    if row.id == who.account_id:
        raise Conflict("own-account")
    return who, row


async def _changed(
    caller: Caller,
    who: Actor,
    row: Result,
    action: str,
    new: Mapping[str, Any],
    *,
    leave: bool = False,
    diff: Mapping[str, Any] | None = None,
) -> Any:
    """The account after the change; 412 when it is no longer as it was read."""
    service, seq = caller.service, row.steps + 1
    after = {**dict(row.items()), **new, "steps": seq}
    held = Update(accounts, {"id": row.id, "steps": row.steps}, {**new, "steps": seq})
    taken = step(service, who, row.id, seq, action, "disabled" if after["disabled_at"] else "active", diff=diff)
    ends = (sessions_end(row.id, service.clock.real()),) if leave else ()
    try:
        await caller.db.apply(Change((held,), (taken,), ends), session=caller.session)
    except Stale as error:
        raise StaleVersion from error
    return after
