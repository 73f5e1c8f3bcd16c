"""What a group is told of decisions about it; queued once, in the caller's transaction."""

from django.conf import settings
from django.urls import reverse

from vendors.models import Partner, VendorEvent
from vendors.services.telling import tell_members


def tell_decision(vendor: Partner, event: VendorEvent, kind: str) -> None:
    """Tell a group of a decision about it, with the remark and what it means now. kind: a code of notices.kinds."""
    context = {
        "note": event.reason,
        "state": event.to_state,
        "link": f"{settings.SITE_URL}{reverse('dashboard-application')}",
    }
    tell_members(vendor, kind, key=f"vendor-event:{event.pk}", context=context)
