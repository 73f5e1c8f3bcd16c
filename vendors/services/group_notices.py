"""What a group is told of decisions about it; queued once, in the caller's transaction."""

from django.urls import reverse

from marketplace.lib.addresses import public_link
from vendors.models import Partner, VendorEvent
from vendors.services.telling import tell_members


def tell_chair_of_beginning(vendor: Partner) -> None:
    """Tell the chair whom an officer has named that an application was begun, and where it stands."""
    link = public_link(reverse("dashboard-application"))
    tell_members(vendor, "group_begun", key=f"vendor-begun:{vendor.pk}", context={"link": link})


def tell_decision(vendor: Partner, event: VendorEvent, kind: str) -> None:
    """Tell a group of a decision about it, with the remark and what it means now. kind: a code of notices.kinds."""
    context = {
        "note": event.reason,
        "link": public_link(reverse("dashboard-application")),
    }
    tell_members(vendor, kind, key=f"vendor-event:{event.pk}", context=context)
