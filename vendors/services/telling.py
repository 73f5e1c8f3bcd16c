"""Telling the people of a group: each member in the own language, and the group by its own contacts."""

from collections.abc import Callable, Mapping

from django.utils import translation

from notices.services.queueing import Recipient, notify
from vendors.models import Membership, Partner


def tell_members(
    vendor: Partner,
    kind: str,
    *,
    key: str,
    context: Mapping[str, str],
    right: Callable[[Membership], bool] | None = None,
    words: Callable[[], Mapping[str, str]] = dict,
) -> None:
    """Queue a notice to each active member of a group and to the group's own contacts; once for each key and contact.

    kind: a code of notices.kinds; key: unique words for the event, at most 90 characters; context: values of its texts, where
    `vendor`, the group's name, is given already. right: tells only members for whom it is true, and then not the
    group's own contacts, which anybody there may read. words: further values, asked for in the language of each reader.
    """
    members = Membership.objects.filter(vendor=vendor, user__is_active=True).select_related("user")
    recipients = [
        Recipient(
            email=member.user.email or "",
            phone=member.user.phone or "",
            language=member.user.preferred_language,
            person=member.user,
        )
        for member in members.order_by("pk")
        if right is None or right(member)
    ]
    if right is None:
        recipients.append(Recipient(email=vendor.email, phone=vendor.phone, language=vendor.language))
    for recipient in recipients:
        with translation.override(recipient.language):
            said = words()
        notify(key, kind, to=recipient, context={"vendor": vendor.name, **context, **said})
