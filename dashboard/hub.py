"""The tab *Group*: one way to everything that is not an order, a listing or money."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.desk import Desk


@dataclass(frozen=True)
class Door:
    """One page of the tab: its name, where it is, what stands behind it, its icon."""

    name: str
    url: str
    words: str
    icon: str


def doors(desk: Desk) -> list[Door]:
    """The pages of the tab that this member may open, in the order in which they are needed. No query."""
    found: list[Door] = []
    if desk.vendor.state == desk.vendor.State.APPROVED:
        url = desk.vendor.get_absolute_url()
        found.append(Door(_("Your page in the shop"), url, _("What shoppers see of you."), "globe"))
    account = reverse("account-home")
    return [*found, Door(_("Your account"), account, _("Your own orders, and signing out."), "user")]
