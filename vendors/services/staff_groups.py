"""The rights of staff: four groups of people, made from names so that this room needs to know no other."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

MODERATORS = "Moderators"
OFFICERS = "Officers"
FINANCE_OFFICERS = "Finance officers"
REGISTRARS = "Registrars"

_READ_TRADE = (
    "partner.view_partner",
    "partner.view_membership",
    "partner.view_stockrecord",
    "partner.view_certificate",
    "partner.view_groupchange",
    "catalogue.view_product",
    "catalogue.view_listingchange",
)
_READ_HISTORY = (
    "partner.view_vendorevent",
    "partner.view_certificateevent",
    "catalogue.view_listingevent",
    "catalogue.view_listingchangeevent",
    "catalogue.view_productimage",
)
# What the office publishes.
_PAGES = ("announcement", "collection", "story")
_WRITE_PAGES = tuple(f"programme.{verb}_{page}" for page in _PAGES for verb in ("view", "add", "change"))
_PUBLISH_PAGES = tuple(f"programme.publish_{page}" for page in _PAGES)
# Who recommends and approves follows from officers' places too.
_PROPOSE = ("regions.view_nomination", "regions.propose_nomination")
# Which kinds of report somebody has made follows from the other rights.
_REPORTS = ("programme.view_savedreport", "programme.view_reportrun")
RIGHTS: dict[str, tuple[str, ...]] = {
    MODERATORS: (
        "regions.work_everywhere",
        *_READ_TRADE,
        *_READ_HISTORY,
        "partner.change_partner",
        "partner.decide_partner",
        "partner.verify_papers",
        "partner.apply_for_group",
        *_PROPOSE,
        "regions.recommend_nomination",
        "regions.approve_nomination",
        "regions.view_committeemeeting",
        "regions.view_geographicalindication",
        "regions.view_giparty",
        "regions.add_giparty",
        "regions.change_giparty",
        "partner.view_requirement",
        "partner.add_requirement",
        "partner.change_requirement",
        "catalogue.change_product",
        "catalogue.review_product",
        "catalogue.view_category",
        "programme.view_schemecoverage",
        "programme.view_countryimpact",
        "programme.view_claim",
        "programme.view_broadcast",
        "programme.send_broadcast",
        "programme.send_important_broadcast",
        *(
            f"programme.{verb}_{table}"
            for table in ("cannedreason", "servicelevel")
            for verb in ("view", "add", "change")
        ),
        "audit.view_change",
        *_REPORTS,
        *_WRITE_PAGES,
        *_PUBLISH_PAGES,
        "programme.view_featuredturn",
        "programme.view_featuredchoice",
        "programme.add_featuredchoice",
        "programme.change_featuredchoice",
        "programme.view_misusecase",
        "programme.view_wordreport",
        "programme.read_translation",
        "programme.decide_misusecase",
        "offer.view_conditionaloffer",
        "order.view_return",
        "order.decide_return",
        "order.view_review",
        "order.view_reviewanswer",
        "order.decide_review",
        "communication.view_notice",
        "communication.resend_notice",
        "communication.view_noticetext",
        "communication.change_noticetext",
    ),
    OFFICERS: (
        *_PROPOSE,
        *_READ_TRADE,
        *_READ_HISTORY,
        "partner.verify_papers",
        "partner.apply_for_group",
        "partner.view_requirement",
        "order.view_vendororder",
        "order.view_shipment",
        "order.view_return",
        "shipping.view_deliverymethod",
        "programme.view_schemecoverage",
        "programme.view_countryimpact",
        *_REPORTS,
        *_WRITE_PAGES,
        "programme.view_claim",
        "programme.view_misusecase",
        "programme.view_wordreport",
        "programme.read_translation",
        "programme.view_broadcast",
        "order.view_review",
        "order.view_reviewanswer",
    ),
    FINANCE_OFFICERS: (
        "regions.work_everywhere",
        *_REPORTS,
        "programme.view_countryimpact",
        "partner.view_partner",
        "offer.view_conditionaloffer",
        "offer.add_conditionaloffer",
        "offer.change_conditionaloffer",
        "order.view_order",
        "order.view_vendororder",
        "order.view_return",
        *(
            f"order.{verb}_{rate}"
            for rate in ("commissionrule", "taxrate")
            for verb in ("view", "add", "change")
        ),
        "payments.view_paymentattempt",
        "payments.view_providerevent",
        "payments.view_refund",
        "payments.decide_refund",
        "payments.view_dispute",
        "payments.decide_dispute",
        "payments.view_bankreceipt",
        "payments.add_bankreceipt",
        "payments.change_bankreceipt",
        "payments.view_writeoff",
        "payments.decide_writeoff",
        "payments.view_cashcollection",
        "payments.add_cashcollection",
        "payments.view_cashrule",
        "payments.add_cashrule",
        "payments.change_cashrule",
        "payments.delete_cashrule",
        "payments.view_refusedmessages",
        "payments.view_balancetransaction",
        "payments.change_balancetransaction",
        "payments.view_difference",
        "payments.change_difference",
        "payments.view_payout",
        "payments.view_payoutbatch",
        "payments.change_payoutbatch",
        "payments.view_payoutaccount",
        "payments.change_payoutaccount",
        "payments.view_transfer",
        "payments.view_invoice",
        "payments.view_ledgerposting",
        "payments.view_ledgerentry",
    ),
    # They keep the register of places; where officers work is not theirs to say.
    REGISTRARS: (
        "regions.work_everywhere",
        "regions.change_register",
        "regions.view_region",
        "regions.view_regionrole",
        "regions.view_scheme",
        "regions.view_identifiedproduct",
        "audit.view_change",
    ),
}


class UnknownRight(LookupError):
    """A right that no model of this installation has; carries the names."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"no such permission: {', '.join(names)}")
        self.names = names


@transaction.atomic
def create_staff_groups() -> int:
    """Make the groups of staff with the rights listed here, and put back what was changed by hand.

    Returns how many groups were made or changed: 0 when all was as it should be.
    Raises UnknownRight when a listed right does not exist (migrations not run).
    """
    wanted = _permissions(sorted({name for names in RIGHTS.values() for name in names}))
    changed = 0
    for group_name, names in RIGHTS.items():
        group, created = Group.objects.get_or_create(name=group_name)
        rights = {wanted[name] for name in names}
        if created or set(group.permissions.values_list("pk", flat=True)) != rights:
            group.permissions.set(rights)
            changed += 1
    return changed


def _permissions(names: list[str]) -> dict[str, int]:
    """Keys of permissions by "app_label.codename"; one query."""
    asked = Q()
    for name in names:
        app_label, codename = name.split(".")
        asked |= Q(content_type__app_label=app_label, codename=codename)
    rows = Permission.objects.filter(asked).values_list("content_type__app_label", "codename", "pk")
    found = {f"{app_label}.{codename}": pk for app_label, codename, pk in rows}
    missing = [name for name in names if name not in found]
    if missing:
        raise UnknownRight(missing)
    return found
