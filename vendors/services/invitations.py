"""Inviting people into a group: invite, send again, withdraw, accept, run out.

Lock order: the group, then the invitation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import move
from people.models import User
from people.services import limits
from people.services.accounts import join
from vendors.domain.rights import rights_of
from vendors.errors import InvitationError, InvitationOver, NotNow
from vendors.models import Invitation, InvitationEvent, Membership, Partner
from vendors.services.member_notices import send_invitation
from vendors.services.members import lock_group, set_member

State = Invitation.State
MOST_OPEN = 30
BATCH = 500


@dataclass(frozen=True)
class Accepted:
    """Who has accepted. role: in the group from now on; was_member: had worked there before, in role_before."""

    person: User
    role: str
    role_before: str = ""

    @property
    def was_member(self) -> bool:
        """Whether the person worked there already."""
        return bool(self.role_before)


@transaction.atomic
def invite(vendor: Partner, contact: str, *, name: str, role: str, actor: Any) -> Invitation:
    """Invite the owner of a contact and send the link; the open invitation when the same was asked before.

    contact: in normal form; role: one of Membership.Role. The caller has asked can_manage_members. The answer is the
    same whether the contact has an account or not. Raises InvitationError, which names the field; NotNow for a closed group.
    """
    lock_group(vendor)
    if vendor.state == Partner.State.CLOSED:
        raise NotNow
    _refuse_member(vendor, contact)
    now = timezone.now()
    waiting = Invitation.objects.select_for_update(of=("self",)).filter(vendor=vendor, state=State.OPEN)
    same = waiting.filter(contact=contact).first()
    if same is not None and same.is_open:
        return _same_again(same, role)
    if same is not None:
        _move(same, State.EXPIRED)
    if waiting.filter(expires_at__gt=now).count() >= MOST_OPEN:
        raise InvitationError(_("Many invitations are open. Withdraw some of them first."))
    if not limits.take(limits.INVITE_BY_GROUP, str(vendor.pk)) or not _may_send(contact):
        raise InvitationError(_("Too many invitations were sent. Wait until tomorrow, then try again."))
    invitation = Invitation.objects.create(
        vendor=vendor, contact=contact, name=name, role=role, invited_by=actor, expires_at=_end(now)
    )
    limits.take(limits.INVITE_PAUSE, str(invitation.pk))
    send_invitation(invitation, language=vendor.language)
    return invitation


@transaction.atomic
def resend(invitation: Invitation) -> None:
    """Send the link once more, and let it run from today.

    Raises InvitationError within five minutes or beyond five a day, NotNow when it is no longer open.
    """
    locked = _locked(invitation)
    if not locked.is_open:
        raise NotNow
    if not limits.take(limits.INVITE_PAUSE, str(locked.pk)) or not _may_send(locked.contact):
        raise InvitationError(_("It was sent a short while ago. Wait some minutes, then send it again."))
    locked.sent_count += 1
    locked.expires_at = _end(timezone.now())
    locked.save(update_fields=["sent_count", "expires_at"])
    send_invitation(locked, language=locked.vendor.language)


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: Any) -> bool:
    """Take an open invitation back; False when it was withdrawn before. Raises NotNow once accepted or run out."""
    locked = _locked(invitation)
    if locked.state not in (State.OPEN, State.WITHDRAWN):
        raise NotNow
    return _move(locked, State.WITHDRAWN, actor=actor)


@transaction.atomic
def accept(invitation: Invitation, *, language: str) -> Accepted:
    """Make the owner of the contact, who has just proven it by code, a member; accepting again changes nothing.

    language: for a new account, which gets neither e-mail address nor password beyond the contact. Whoever works there
    already gets the invited role only if it may do more: nobody loses rights by accepting. Raises InvitationOver.
    """
    locked = _locked(invitation)
    if locked.state == State.ACCEPTED:
        return _accepted_before(locked)
    if not locked.is_open or locked.vendor.state == Partner.State.CLOSED:
        raise InvitationOver
    person = join(locked.contact, name=locked.name, password=None, language=language)
    if not person.is_active:
        raise InvitationOver(_("The account with this contact is closed. Ask the programme office."))
    before = _role_of(locked.vendor, person)
    role = locked.role if rights_of(locked.role) > rights_of(before) else before
    if role != before:
        set_member(locked.vendor, person, role=role, actor=person)
    _move(locked, State.ACCEPTED, actor=person, also={"accepted_by": person})
    return Accepted(person, role, before)


def expire() -> int:
    """Write down which invitations have run out, at most one batch; returns how many."""
    done = 0
    late = Invitation.objects.filter(state=State.OPEN, expires_at__lte=timezone.now()).order_by("expires_at")
    for invitation in list(late[:BATCH]):
        with transaction.atomic():
            locked = _locked(invitation)
            if locked.state == State.OPEN and not locked.is_open:
                done += _move(locked, State.EXPIRED)
    return done


def _locked(invitation: Invitation) -> Invitation:
    lock_group(invitation.vendor)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("vendor", "invited_by")
    return rows.get(pk=invitation.pk)


def _move(locked: Invitation, target: str, *, actor: Any = None, also: dict[str, Any] | None = None) -> bool:
    return move(
        locked,
        target,
        moves=Invitation.MOVES,
        event=InvitationEvent,
        subject_field="invitation",
        actor=actor,
        also=also,
    )


def _same_again(open_one: Invitation, role: str) -> Invitation:
    if open_one.role != role:
        raise InvitationError(
            _("%(name)s is invited as %(role)s already. Withdraw that invitation first.")
            % {"name": open_one.name, "role": open_one.get_role_display()},
            field="role",
        )
    return open_one


def _refuse_member(vendor: Partner, contact: str) -> None:
    field = "user__email" if "@" in contact else "user__phone"
    member = Membership.objects.filter(vendor=vendor, **{field: contact}).select_related("user").first()
    if member is not None:
        raise InvitationError(
            _("%(name)s works for the group already, as %(role)s. You can change the role in the list above.")
            % {"name": member.user, "role": member.get_role_display()},
            field="contact",
        )


def _accepted_before(invitation: Invitation) -> Accepted:
    person = invitation.accepted_by
    role = _role_of(invitation.vendor, person) if person else ""
    if person is None or not role:
        # Whoever has left since then does not come back by an old link.
        raise InvitationOver
    return Accepted(person, role, role)


def _role_of(vendor: Partner, person: User) -> str:
    found = Membership.objects.filter(vendor=vendor, user=person).values_list("role", flat=True).first()
    return found or ""


def _may_send(contact: str) -> bool:
    return limits.take(limits.INVITE_BY_CONTACT, contact)


def _end(now: datetime) -> datetime:
    return now + timedelta(days=settings.INVITATION_DAYS)
