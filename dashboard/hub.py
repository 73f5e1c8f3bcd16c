"""The tab *Group*: one way to everything that is not an order, a listing or money."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.desk import APPLICATION_STATES, Desk
from vendors.domain.rights import Right


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
    state = desk.vendor.state
    if desk.edits_group:
        found += _pages_of_the_group(is_running=state in APPLICATION_STATES)
    if desk.may(Right.ANSWER_RETURNS):
        url = reverse("dashboard-return-list")
        found.append(Door(_("Returns"), url, _("What buyers want to give back."), "box"))
    if desk.may(Right.ANSWER_REVIEWS):
        url = reverse("dashboard-review-list")
        found.append(Door(_("What buyers say"), url, _("Reviews of your goods, and your answers."), "star"))
    if desk.may(Right.SEE_FIGURES):
        url = reverse("dashboard-figures")
        found.append(Door(_("Figures"), url, _("What you sold, by month, listing and place."), "list"))
    if desk.may(Right.DELIVERY_METHODS):
        url = reverse("dashboard-delivery")
        found.append(Door(_("Delivery"), url, _("How you send, where to, and for how much."), "bus"))
    if desk.may(Right.GIVE_OFFERS) and state == desk.vendor.State.APPROVED:
        url = reverse("dashboard-offer-list")
        found.append(Door(_("Offers"), url, _("Percent off your goods, with or without a code."), "star"))
    if desk.may(Right.CLOSE_SHOP) and state == desk.vendor.State.APPROVED:
        url = reverse("dashboard-closure")
        found.append(
            Door(_("Days closed"), url, _("For a festival or a harvest: nobody can order then."), "clock")
        )
    url = desk.vendor.get_absolute_url()
    if state == desk.vendor.State.APPROVED:
        found.append(Door(_("Your page in the shop"), url, _("What shoppers see of you."), "globe"))
    else:
        found.append(Door(_("Your page, as it will be"), url, _("Only your group sees it now."), "globe"))
    found.append(
        Door(
            _("How we reach you"),
            reverse("dashboard-reach"),
            _("Your language, SMS or e-mail, quiet hours."),
            "bell",
        )
    )
    found.append(Door(_("Members"), reverse("dashboard-members"), _("Roles, and who may do what."), "people"))
    account = reverse("account-home")
    return [*found, Door(_("Your account"), account, _("Your own orders, and signing out."), "user")]


def _pages_of_the_group(*, is_running: bool) -> list[Door]:
    first = (
        Door(
            _("Application"),
            reverse("dashboard-application"),
            _("What is still missing, and handing in."),
            "check",
        )
        if is_running
        else Door(
            _("How your group stands"),
            reverse("dashboard-application"),
            _("What the office has decided."),
            "check",
        )
    )
    return [
        first,
        Door(_("Story"), reverse("dashboard-story"), _("What shoppers read about you."), "list"),
        Door(_("Photos"), reverse("dashboard-group-photos"), _("At work, the place, the goods."), "cam"),
        Door(
            _("People"), reverse("dashboard-group-people"), _("Who makes it, with name and face."), "people"
        ),
        Door(
            _("Facts and place"),
            reverse("dashboard-group-facts"),
            _("Name, number, members, address."),
            "home",
        ),
        Door(
            _("Certificates"),
            reverse("dashboard-certificates"),
            _("Food licence, protected name, organic: until when they hold."),
            "star",
        ),
        Door(_("Papers"), reverse("dashboard-group-papers"), _("Only the office sees them."), "save"),
    ]
