"""New members of staff: an administrator makes the account, the person enrols."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import pyotp

from tests.accounts.people import sign_in
from tests.world import Somebody, World

OWN_PASSWORD = "青山-2027-自己的-密码"
_serial = count(1)


@dataclass
class Newcomer:
    """A member of staff with an initial password."""

    world: World
    administrator: Somebody
    account: str
    username: str
    initial_password: str
    authenticator: pyotp.TOTP | None = None
    recovery_codes: tuple[str, ...] = ()

    @classmethod
    async def hired(cls, world: World, kind: str = "school", *roles: str) -> "Newcomer":
        """An account made by the body's administrator."""
        administrator = await world.staff(kind, "administrator")
        draft = {
            "username": f"newcomer.{world.serial}.{next(_serial)}",
            "display_name": "李老师",
            "roles": list(roles or ("reviewer",)),
            "body_id": world.bodies[kind],
        }
        made = await administrator.post("/v1/staff", draft)
        assert made.status_code == 201, made.text
        told = made.json()
        return cls(world, administrator, told["account"]["id"], draft["username"], told["initial_password"])

    async def log_in(self, **given: Any) -> httpx.Response:
        """Sign in, with the initial password unless another is given."""
        password = given.pop("password", self.initial_password)
        return await sign_in(self.world, **{"as": "staff"}, username=self.username, password=password, **given)

    async def signed_in(self, **given: Any) -> Somebody:
        """Themselves, signed in."""
        answer = await self.log_in(**given)
        assert answer.status_code == 201, answer.text
        return Somebody(self.world.client, answer.json()["access_token"], self.account)

    def code(self, steps: int = 0) -> str:
        """The authenticator's code, some steps of half a minute from now."""
        assert self.authenticator
        return self.authenticator.at(self.world.service.clock.real() + timedelta(seconds=30 * steps))

    async def enrolled(self) -> Somebody:
        """Themselves, with an authenticator, recovery codes and a password of their own."""
        me = await self.signed_in()
        self.authenticator = pyotp.TOTP((await me.post("/v1/me/totp")).json()["secret"])
        confirmed = await me.post("/v1/me/totp/confirmation", {"totp": self.code(), "new_password": OWN_PASSWORD})
        assert confirmed.status_code == 201, confirmed.text
        self.recovery_codes = tuple(confirmed.json()["recovery_codes"])
        return me

    async def forget_the_step(self) -> None:
        """Half a minute passes for the authenticator."""
        await self.world.line.execute("update app.accounts set totp_step = null where id = $1", self.account)
