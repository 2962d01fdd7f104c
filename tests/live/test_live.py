"""From outside: the README's command in a process of its own, and everything the README promises against it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
TOUR = re.compile(r"<!-- tour -->\n```bash\n(.*?)```", re.DOTALL)
START = 180
"""Seconds that a cold start may take."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `make run` starts, on a fresh data folder; stopped as a person would, with Ctrl-C."""
    port = free_port()
    folder = tmp_path_factory.mktemp("data")
    environment = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    environment.pop("DATABASE_URL", None)
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url, process)
            yield url
        finally:
            process.send_signal(2)
            assert process.wait(30) in (0, -2, 130), (folder / "output").read_text("utf-8")[-2000:]


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server is ready, or has given up."""
    last = time.monotonic() + START
    while time.monotonic() < last:
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(f"{url}/health/ready").status_code == 204:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(url)


def test_the_tour_of_the_readme_runs(server: str) -> None:
    blocks = TOUR.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(blocks) == 3
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        env={**os.environ, "API": server},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "['decline', 'accept']" in done.stdout
    assert "The record has changed since. Read it again." in done.stdout
    assert "'to': 'declined'" in done.stdout


def test_the_demo_walks_the_journey(server: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--url", server], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The journey is done." in done.stdout


def test_the_sandbox_province_is_whole(server: str) -> None:
    with httpx.Client(base_url=server) as api:
        schools, counties = ([], [])
        for kind, found in (("school", schools), ("county", counties)):
            path = f"/v1/bodies?kind={kind}&limit=200"
            found.extend(api.get(path).json()["items"])
        personas = {one["persona"] for one in api.get("/v1/sandbox/personas").json()["items"]}
    assert (len(schools), len(counties)) == (145, 151)
    assert {
        "graduate",
        "employer",
        "department",
        "school",
        "county",
        "city",
        "provincial_bureau",
        "support",
    } <= personas


def test_the_documentation_loads_nothing_from_elsewhere(server: str) -> None:
    page = httpx.get(f"{server}/docs").text
    assert re.findall(r'(?:src|href)="(?!/)', page) == []
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert httpx.get(server + path).status_code == 200, path


def test_a_stranger_is_not_believed_about_where_they_are(server: str) -> None:
    """The server of HTTP would by itself believe any neighbor's X-Forwarded-For."""
    with httpx.Client(base_url=server) as api:
        here, there = ({"X-Forwarded-For": address} for address in ("198.51.100.1", "192.0.2.1"))
        wanted = {"kind": "image", "purpose": "phone_code"}
        made = api.post("/v1/auth/captchas", json=wanted, headers=here).json()["id"]
        proof = {"id": made, "answer": api.get(f"/v1/sandbox/captchas/{made}").json()["answer"]}
        given = {"purpose": "registration", "phone": "13900000042", "captcha": proof}
        assert api.post("/v1/auth/phone-codes", json=given, headers=there).status_code == 202
