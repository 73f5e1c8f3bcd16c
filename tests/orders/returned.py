"""Returns, for tests of what becomes of them."""

from django.utils import timezone

from marketplace.lib.photos import clean_picture, store_picture
from notices.models import Notice
from orders.models import Return, ReturnItem, ReturnPhoto
from orders.services.fulfilment import deliver
from orders.services.return_photos import PHOTO_FOLDER, photo_storage
from orders.services.returns import ReturnData, ask
from tests.dashboard.given import photo
from tests.orders.services.parts_of_sales import shipped_part
from tests.support.sale import a_listing


def delivered_part(*goods):
    """The vendor order of a sale of (listing, units) that the buyer has, and a member of its group."""
    part, member = shipped_part(*(goods or [(a_listing(), 3)]))
    deliver(part, actor=member)
    part.refresh_from_db()
    Notice.objects.all().delete()
    return part, member


def wish(part, units=2, key="k1", **changes):
    """What a buyer asks for: units of the first line."""
    line = part.lines.order_by("pk").first()
    fields = {"reason": Return.Reason.DAMAGED, "words": "Torn at the hem"}
    return ReturnData(form_key=key, units={line.pk: units}, **{**fields, **changes})


def asked_return(*goods, units=2):
    """A return that the group has not answered, and a member of its group; nobody has been told a thing."""
    part, member = delivered_part(*goods)
    case = ask(part, wish(part, units), actor=None)
    Notice.objects.all().delete()
    return case, member


def a_return(part):
    """A return with a photo of any vendor order, however it stands: for walks over addresses."""
    case = Return.objects.create(
        vendor_order=part, form_key="k", reason=Return.Reason.DAMAGED, due_at=timezone.now()
    )
    ReturnItem.objects.create(case=case, line=part.lines.first(), quantity=1)
    picture = clean_picture(photo())
    name = store_picture(picture, folder=PHOTO_FOLDER, storage=photo_storage())
    ReturnPhoto.objects.create(case=case, name=name, width=picture.width, height=picture.height)
    return case
