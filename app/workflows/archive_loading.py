"""How archive records are read in: their layout, and what takes their rows."""

from typing import Final

from app.archive_files import open_archives
from app.workflows.archive_chunks import Chunks
from app.workflows.archive_imports import desk
from app.workflows.imports.loading import Loading

loading: Final = Loading(desk.entrypoint, open_archives, Chunks)
