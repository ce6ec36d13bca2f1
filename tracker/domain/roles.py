"""The seven roles of the county and what each may do with a person's record."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    VILLAGE_DOCTOR = "village_doctor"
    TEAM_LEAD = "team_lead"
    TOWNSHIP_ADMIN = "township_admin"
    COUNTY_DOCTOR = "county_doctor"
    COMMISSION = "commission"
    AUDITOR = "auditor"
    SYSADMIN = "sysadmin"


CARE = frozenset({Role.VILLAGE_DOCTOR, Role.TEAM_LEAD, Role.TOWNSHIP_ADMIN})
"""Roles that look after people: they read them in full and write visits, contracts and statuses."""

LEADS = frozenset({Role.TEAM_LEAD, Role.TOWNSHIP_ADMIN})
"""Roles whose word on a death, a loss or a late entry needs nobody else's approval."""

PHONE = frozenset({Role.VILLAGE_DOCTOR, Role.TEAM_LEAD})
"""Roles whose people may lie on a telephone, so that they work without a network."""

OVERSIGHT = frozenset({Role.COMMISSION, Role.AUDITOR})
"""Roles that see their whole area, names masked."""

REVEALS = CARE | {Role.COMMISSION, Role.COUNTY_DOCTOR}
"""Roles that may see a person in full and say why; a county doctor has to know who was referred."""
