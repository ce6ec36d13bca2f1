"""The county that a roster is read into: its villages and their names, the area of who imports, its teams."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.villages import VillageIndex
from tracker.models import Level, Region, RegionAlias, Team, TeamVillage
from tracker.services.contract import package
from tracker.services.workforce import region, scope

FIRST_PACKAGE = "BASIC"


@dataclass(frozen=True, slots=True)
class Cover:
    """A team that covers a village, from a day to a last day."""

    from_on: date
    to_on: date | None
    team_id: UUID
    team: str

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class County:
    """`area` are code prefixes: people of villages outside it are not imported."""

    code: str
    index: VillageIndex
    names: dict[str, str]
    area: tuple[str, ...]
    covers: dict[str, list[Cover]]
    teams: dict[UUID, str]
    package_id: UUID | None
    """What a roster's contracts are signed for; rosters do not tell."""

    def inside(self, village_code: str) -> bool:
        return village_code.startswith(self.area)

    def team_of(self, village_code: str, day: date, today: date) -> Cover | None:
        """The team of the village on a day; today's where none was on file then."""
        covers = self.covers.get(village_code, [])
        return next((c for at in (day, today) for c in covers if c.holds(at)), None)


def county(session: Session, code: str, area: tuple[str, ...] = ()) -> County:
    """Everything that holds for a whole file; Refused for a code that is no county."""
    region.get(session, code, Level.COUNTY, "county")
    rows = session.execute(
        select(Region.code, Region.name)
        .where(scope.within(Region.code, code), Region.level.in_([Level.TOWNSHIP, Level.VILLAGE]))
        .order_by(Region.code)
    ).all()
    names = {found.code: found.name for found in rows}
    aliases: dict[str, list[str]] = defaultdict(list)
    for alias in session.scalars(select(RegionAlias).where(scope.within(RegionAlias.region_code, code))):
        aliases[alias.region_code].append(alias.alias)
    return County(
        code,
        VillageIndex.build(list(names.items()), aliases),
        names,
        area or (code,),
        _covers(session, code),
        {team.id: team.name for team in session.scalars(select(Team).where(Team.county_code == code))},
        next((p.id for p in package.offered(session) if p.code == FIRST_PACKAGE), None),
    )


def _covers(session: Session, code: str) -> dict[str, list[Cover]]:
    """In the order in which `scope.team_of_village` chooses."""
    found: dict[str, list[Cover]] = defaultdict(list)
    rows = session.execute(
        select(TeamVillage.village_code, TeamVillage.from_on, TeamVillage.to_on, Team.id, Team.name)
        .join(Team, Team.id == TeamVillage.team_id)
        .where(Team.county_code == code)
        .order_by(TeamVillage.from_on, Team.name)
    )
    for village_code, from_on, to_on, team_id, team in rows:
        found[village_code].append(Cover(from_on, to_on, team_id, team))
    return found
