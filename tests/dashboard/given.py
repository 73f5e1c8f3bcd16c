"""What the tests of the dashboard begin with: members at their desks, paid orders, pictures to upload."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from orders.models import VendorOrder
from orders.services import releasing
from tests.factories.vendors import MembershipFactory
from tests.support.sale import placed_order
from vendors.models import Membership, StockRecord

# A way of sending as the form sends it: two weights, free from 2,000 on.
METHOD = {
    "form_key": "k1",
    "name": "Bhutan Post",
    "zone": "home",
    "step_1_weight": "3",
    "step_1_price": "120",
    "step_2_weight": "1",
    "step_2_price": "80",
    "free_above": "2000",
    "preparation_days": "0",
    "days_min": "3",
    "days_max": "6",
    "carries_perishables": "no",
}


def member_of(vendor, role=Membership.Role.CHAIR, user=None, **person):
    """A person who works for the group."""
    if user is not None:
        return MembershipFactory(vendor=vendor, role=role, user=user).user
    return MembershipFactory(
        vendor=vendor, role=role, **{f"user__{name}": value for name, value in person.items()}
    ).user


def paid_parts(*goods, **changes):
    """The vendor orders of one paid order of (listing, units), in the order of the goods' groups."""
    order = placed_order(*goods, **changes)
    with transaction.atomic():
        releasing.release(releasing.lock_order(order.pk))
    return list(VendorOrder.objects.filter(order=order).order_by("pk"))


def paid_part(listing, units=1, **changes):
    """The vendor order of a paid order of one listing."""
    return paid_parts((listing, units), **changes)[0]


def stock_record(listing):
    """The stock record of a listing of one size."""
    return StockRecord.objects.get(product=listing)


def photo(name="stole.jpg", colour="firebrick"):
    """An upload that is a photo."""
    out = BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def no_photo():
    """An upload that only says that it is a photo."""
    return SimpleUploadedFile("stole.jpg", b"<html>not a photo</html>", content_type="image/jpeg")


def queries_of(client, address):
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
