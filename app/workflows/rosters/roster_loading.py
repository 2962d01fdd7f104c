"""How a roster is read in: its layout, and what takes its rows."""

from typing import Final

from app.roster_files import open_roster
from app.workflows.imports.loading import Loading
from app.workflows.rosters.roster_chunks import Chunks
from app.workflows.rosters.roster_imports import desk

loading: Final = Loading(desk.entrypoint, open_roster, Chunks)
