"""What people are told of invitations and of changes of members, each in the own language."""

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation

from marketplace.lib.addresses import public_link
from notices.services.queueing import Recipient, notify
from people.models import User
from vendors.models import Invitation, MemberEvent, Membership


def tell_of_change(event: MemberEvent) -> None:
    """Tell the person and the chairs of the group that somebody came, has another role, or is gone."""
    kind = "member_role" if event.from_role else "member_joined"
    if not event.to_role:
        kind = "member_left"
    chairs = User.objects.filter(
        memberships__vendor=event.vendor, memberships__role=Membership.Role.CHAIR, is_active=True
    )
    people = {person.pk: person for person in [*chairs.order_by("pk"), event.person]}
    for person in people.values():
        to = Recipient(
            email=person.email or "",
            phone=person.phone or "",
            language=person.preferred_language,
            person=person,
        )
        context = {
            "person": str(event.person),
            "vendor": event.vendor.name,
            "role": _role(event.to_role or event.from_role, person.preferred_language),
            "by": str(event.actor or settings.OSCAR_SHOP_NAME),
            "reason": event.reason,
            "link": public_link(reverse("account-home")),
        }
        notify(f"member-event:{event.pk}", kind, to=to, context=context)


def send_invitation(invitation: Invitation, *, language: str) -> None:
    """Send the link to the contact, whether anybody has an account with it or not; once for each sending.

    language: of the group, because nothing is known of the person.
    """
    contact = invitation.contact
    email, phone = (contact, "") if "@" in contact else ("", contact)
    with translation.override(language):
        until = formats.date_format(timezone.localdate(invitation.expires_at), "j M")
    context = {
        "person": invitation.name,
        "vendor": invitation.vendor.name,
        "role": _role(invitation.role, language),
        "by": str(invitation.invited_by),
        "link": public_link(reverse("invitation", args=[invitation.token])),
        "until": until,
    }
    to = Recipient(email=email, phone=phone, language=language)
    notify(f"invitation:{invitation.pk}:{invitation.sent_count}", "member_invited", to=to, context=context)


def _role(role: str, language: str) -> str:
    with translation.override(language):
        return str(Membership.Role(role).label)
