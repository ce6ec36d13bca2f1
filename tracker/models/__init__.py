"""All tables, so that one import is enough for migrations and services."""

from tracker.models.account import ApiToken, LoginAttempt, WebSession
from tracker.models.alert import Alert, AlertKind
from tracker.models.attempt import AttemptOutcome, ContactAttempt
from tracker.models.audit import Audit
from tracker.models.base import Base
from tracker.models.card import Card
from tracker.models.checkup import Checkup
from tracker.models.condition import Condition
from tracker.models.contract import Contract, ContractPackage, Package
from tracker.models.device import Device, DeviceNonce
from tracker.models.indicator import Change, Target
from tracker.models.institution import CountyGroup, Institution, InstitutionKind
from tracker.models.job import Heartbeat, JobRun
from tracker.models.judgement import Judgement
from tracker.models.pair import VisitPair
from tracker.models.referral import ReferralOutcome
from tracker.models.region import Level, Population, Region, RegionAlias
from tracker.models.resident import (
    ArchiveCounter,
    Residence,
    Resident,
    ResidentGroup,
    ResidentInitials,
    ResidentPhone,
    Responsibility,
)
from tracker.models.roster import Roster, RosterState
from tracker.models.staff import Staff, StaffRegion
from tracker.models.status import StatusEvent, StatusPeriod
from tracker.models.summary import Summary, SummaryState, Touched
from tracker.models.sync import ResidentChange, SyncState
from tracker.models.task import Episode, Task
from tracker.models.team import BEGINNING, Membership, Team, TeamVillage
from tracker.models.visit import Approval, Submission, Visit, VisitSource, VisitVersion

__all__ = [
    "BEGINNING",
    "Alert",
    "AlertKind",
    "ApiToken",
    "Approval",
    "ArchiveCounter",
    "AttemptOutcome",
    "Audit",
    "Base",
    "Card",
    "Change",
    "Checkup",
    "Condition",
    "ContactAttempt",
    "Contract",
    "ContractPackage",
    "CountyGroup",
    "Device",
    "DeviceNonce",
    "Episode",
    "Heartbeat",
    "Institution",
    "InstitutionKind",
    "JobRun",
    "Judgement",
    "Level",
    "LoginAttempt",
    "Membership",
    "Package",
    "Population",
    "ReferralOutcome",
    "Region",
    "RegionAlias",
    "Residence",
    "Resident",
    "ResidentChange",
    "ResidentGroup",
    "ResidentInitials",
    "ResidentPhone",
    "Responsibility",
    "Roster",
    "RosterState",
    "Staff",
    "StaffRegion",
    "StatusEvent",
    "StatusPeriod",
    "Submission",
    "Summary",
    "SummaryState",
    "SyncState",
    "Target",
    "Task",
    "Team",
    "TeamVillage",
    "Touched",
    "Visit",
    "VisitPair",
    "VisitSource",
    "VisitVersion",
    "WebSession",
]
