"""What is held about an account, and about whoever works for a group."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.register.base import ByService, Erased, Told, Wiped, contacts_of

ACCOUNT: tuple[Told, ...] = (
    Told(
        "people.User",
        _("Account"),
        lambda person: Q(pk=person.pk),
        ("name", "email", "phone", "preferred_language", "date_joined", "last_login"),
        ("email", "phone"),
        ByService(_("A number stays, without name, contact and password, so that histories stay whole.")),
    ),
    Told(
        "people.ProvenContact",
        _("Contacts proven by a code"),
        lambda person: Q(person=person),
        ("contact", "proven_at"),
        ("person", "contact"),
        Erased(),
    ),
    Told(
        "people.OneTimeCode",
        _("Codes sent"),
        lambda person: Q(contact__in=contacts_of(person)),
        ("purpose", "contact", "created_at", "ended_at"),
        ("contact",),
        Erased(),
    ),
    Told(
        "communication.NoticePreference",
        _("How you are reached"),
        lambda person: Q(person=person),
        ("wants_email", "wants_sms", "quiet_from", "quiet_until", "time_zone", "wants_digest", "digest_hour"),
        ("person",),
        Erased(),
    ),
    Told(
        "communication.Notice",
        _("Messages sent"),
        lambda person: Q(person=person) | Q(address__in=contacts_of(person)),
        ("kind", "channel", "address", "language", "state", "created_at", "sent_at"),
        ("person", "address"),
        ByService(_("That something was sent stays known; what, and to whom, does not.")),
    ),
    Told(
        "privacy.DataExport",
        _("Files of your data"),
        lambda person: Q(person=person),
        ("asked_at", "state", "finished_at", "expires_at"),
        ("person",),
        ByService(_("The files are removed.")),
    ),
)
WORKING: tuple[Told, ...] = (
    Told(
        "partner.Membership",
        _("Groups you work for"),
        lambda person: Q(user=person),
        ("vendor__name", "role", "created_at"),
        ("user",),
        ByService(_("Your work for the group ends, and its chairs are told.")),
    ),
    Told(
        "partner.MemberEvent",
        _("Your roles in groups"),
        lambda person: Q(person=person),
        ("vendor__name", "from_role", "to_role", "created_at"),
        ("person",),
        ByService(_("The history of the group keeps the number of the account.")),
    ),
    Told(
        "partner.Invitation",
        _("Invitations into groups"),
        lambda person: Q(accepted_by=person) | Q(contact__in=contacts_of(person)),
        ("vendor__name", "name", "contact", "role", "state", "created_at"),
        ("accepted_by", "contact"),
        Wiped({"name": "", "contact": ""}, _("The history of the group says that somebody joined.")),
    ),
)
