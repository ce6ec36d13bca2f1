"""Service packages: each change is a new version, and a contract keeps the one it was signed with."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Contract, ContractPackage, Package
from tracker.models.base import Json
from tracker.schemas.package import PackageIn, PackageItem
from tracker.schemas.problem import Problem, Refused
from tracker.services import audit
from tracker.services.sender import Sender


def newest(session: Session) -> list[Package]:
    """The newest version of every package, the basic one first."""
    found = {p.code: p for p in session.scalars(select(Package).order_by(Package.version))}
    return sorted(found.values(), key=lambda p: (p.code != "BASIC", p.code))


def offered(session: Session) -> list[Package]:
    """The packages that may be signed today."""
    return [package for package in newest(session) if package.active]


def by_codes(session: Session, codes: Sequence[str]) -> list[Package]:
    """The newest versions of these packages; Refused where one is unknown or no longer offered."""
    known = {package.code: package for package in offered(session)}
    missing = [code for code in codes if code not in known]
    if missing:
        raise Refused(*(Problem("packages", "unknown_package", {"code": code}) for code in missing))
    return [known[code] for code in codes]


def of_contracts(session: Session, contracts: Sequence[Contract]) -> dict[UUID, list[Package]]:
    """What each of these contracts was signed for."""
    found: dict[UUID, list[Package]] = {contract.id: [] for contract in contracts}
    rows = session.execute(
        select(ContractPackage.contract_id, Package)
        .join(Package, Package.id == ContractPackage.package_id)
        .where(ContractPackage.contract_id.in_(list(found)))
        .order_by(Package.code)
    )
    for contract_id, signed in rows:
        found[contract_id].append(signed)
    return found


def versions(session: Session, code: str) -> list[Package]:
    """All versions of a package, newest first."""
    return list(session.scalars(select(Package).where(Package.code == code).order_by(Package.version.desc())))


def counts(session: Session) -> dict[UUID, int]:
    """How many contracts were signed with each version."""
    query = select(ContractPackage.package_id, func.count()).group_by(ContractPackage.package_id)
    return {row[0]: row[1] for row in session.execute(query)}


def add(session: Session, sender: Sender, typed: PackageIn) -> Package:
    """A new package, or the next version of one that is already there under this code."""
    before = versions(session, typed.code)
    package = Package(
        code=typed.code,
        version=before[0].version + 1 if before else 1,
        name=typed.name,
        price_fen=typed.price_fen,
        items=[_item(item) for item in typed.items],
        active=typed.active,
    )
    session.add(package)
    session.flush()
    audit.record(session, sender.actor, sender.at, "add package", "package", package.id,
                 details={"code": package.code, "version": package.version})  # fmt: skip
    return package


def _item(item: PackageItem) -> Json:
    return dict(item.model_dump(mode="json"))
