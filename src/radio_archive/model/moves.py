"""What came of moving the catalogue to another database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSum:
    """What one table holds, in few words; equal contents, equal sums, on whatever database."""

    name: str
    rows: int
    digest: str  #: SHA-256 of every row, added up: the order of the rows does not matter


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueMove:
    """Both databases after a move, or a comparison, table by table."""

    here: tuple[TableSum, ...]  #: the catalogue in use
    there: tuple[TableSum, ...]  #: the other one
    address: str  #: of the other one, as ``database_url`` takes it
    #: texts that held U+0000, which PostgreSQL does not take: it became U+FFFD
    replaced: int = 0

    @property
    def differences(self) -> tuple[str, ...]:
        """The tables that are not the same."""
        return tuple(
            ours.name for ours, other in zip(self.here, self.there, strict=True) if ours != other
        )
