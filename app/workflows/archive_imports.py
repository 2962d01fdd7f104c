"""Imports of archive records: asked for by whoever may record a dispatch one by one."""

from typing import Final

from app.schemas.file import FilePurpose
from app.workflows.archives import a_keeper_of_archives
from app.workflows.imports.desk import ImportDesk

desk: Final = ImportDesk("archive", FilePurpose.ARCHIVES, a_keeper_of_archives)
