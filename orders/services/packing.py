"""What lies in which package: put in, taken out again, and given up. Units that have left are never touched."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders.errors import PackedMeanwhile, UnitsNotThere
from orders.models import Line, Package, PackageLine, VendorOrder
from orders.services.parts import follow_units, lines_of, lock_part, require_state
from people.models import User

State = VendorOrder.State
# Said yes, and not everything has left.
OPEN = (State.ACCEPTED, State.PACKED)


@transaction.atomic
def pack(vendor_order: VendorOrder, units: Mapping[int, int], *, seen: int, actor: User) -> bool:
    """Put units into one new package; False when this very package was packed before.

    units: line id -> units, at least one in all. seen: the vendor order's last_package as the packer saw it.
    Raises UnitsNotThere, PackedMeanwhile when somebody else has packed since, and IllegalTransition before the group
    has accepted and once everything has left.
    """
    locked = lock_part(vendor_order)
    lines = lines_of(locked, units)
    wanted = {line: units.get(line.pk, 0) for line in lines if units.get(line.pk, 0)}
    if locked.last_package != seen:
        last = locked.packages.filter(place=locked.last_package).first()
        if last is not None and last.place == seen + 1 and _content(last) == _by_key(wanted):
            return False
        raise PackedMeanwhile
    require_state(locked, OPEN, State.PACKED)
    if not wanted:
        raise UnitsNotThere
    put_in(locked, wanted, actor=actor)
    follow_units(locked, lines, actor=actor)
    return True


@transaction.atomic
def unpack(vendor_order: VendorOrder, place: int, *, actor: User) -> bool:
    """Open a package that has not left, so that its units are to be packed again; False when it is not there."""
    locked = lock_part(vendor_order)
    package = locked.packages.filter(place=place, shipment=None).first()
    if package is None:
        return False
    lines = lines_of(locked, {})
    by_key = {line.pk: line for line in lines}
    for key, quantity in _content(package).items():
        _change_packed(by_key[key], -quantity)
    package.delete()
    follow_units(locked, lines, actor=actor)
    return True


def put_in(locked: VendorOrder, units: Mapping[Line, int], *, actor: User) -> Package:
    """One more package of a locked vendor order. Raises UnitsNotThere for units that are packed or given up."""
    if any(count > line.to_pack for line, count in units.items()):
        raise UnitsNotThere
    locked.last_package += 1
    locked.save(update_fields=["last_package"])
    package = Package.objects.create(
        vendor_order=locked, place=locked.last_package, packed_by=actor, packed_at=timezone.now()
    )
    PackageLine.objects.bulk_create(
        PackageLine(package=package, line=line, quantity=count) for line, count in units.items()
    )
    for line, count in units.items():
        _change_packed(line, count)
    return package


def take_out(locked: VendorOrder, units: Mapping[Line, int]) -> None:
    """Take units that will not be sent out of packages that have not left, the last package first.

    units: at most what has not left, for each line; units that lie in no package are left to the caller.
    """
    for line, count in units.items():
        left = count - line.to_pack
        rows = PackageLine.objects.filter(package__vendor_order=locked, package__shipment=None, line=line)
        for row in rows.order_by("-package__place"):
            taken = min(left, row.quantity)
            if taken <= 0:
                break
            _change_packed(line, -taken)
            left -= taken
            if row.quantity == taken:
                row.delete()
            else:
                row.quantity -= taken
                row.save(update_fields=["quantity"])
    locked.packages.filter(shipment=None, lines=None).delete()


def _content(package: Package) -> dict[int, int]:
    return dict(package.lines.values_list("line_id", "quantity"))


def _by_key(units: Mapping[Line, int]) -> dict[int, int]:
    return {line.pk: count for line, count in units.items()}


def _change_packed(line: Line, count: int) -> None:
    # By the database's own number, so that its constraint holds also where somebody forgot the lock.
    Line.objects.filter(pk=line.pk).update(packed_quantity=F("packed_quantity") + count)
    line.packed_quantity += count
