"""Words whose values are the codes of a published table."""

from pydantic import AfterValidator

from app import codes
from app.words.refusal import refuse


def code_of(table: str) -> AfterValidator:
    """Only a code of the named table, which is read at the first use, not at import."""

    def listed(code: str) -> str:
        if code not in codes.tables()[table]:
            refuse("unknown-code", "The table {table} has no such code.", table=table)
        return code

    return AfterValidator(listed)
