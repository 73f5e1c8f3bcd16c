"""What a session remembers of a code that was sent, and of a contact that was proven."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from marketplace.lib.client_address import client_address
from notices.services.codes import send_code
from people.models import User
from people.services.proofs import note_proof
from storefront.pressed import do_what_was_pressed
from vendors.models import Membership

ASKED, PROVEN, CONFIRMED = "code-asked", "contact-proven", "confirmed"
# So long a proven contact lets somebody make an account or set a password.
FRESH = timedelta(minutes=15)


@dataclass(frozen=True)
class Asked:
    """A code that this session waits for. token: of the invitation, order: number of the order that it is for, or empty."""

    contact: str
    purpose: str
    target: str = ""
    token: str = ""
    order: str = ""


def ask(request: HttpRequest, asked: Asked) -> None:
    """Send a code and remember what it is for. Raises people.errors.TooManyTries."""
    # Remembered first: whoever pressed twice goes on to the page where the first code is typed.
    request.session[ASKED] = asdict(asked)
    send_code(
        asked.contact,
        asked.purpose,
        address=client_address(request),
        language=get_language() or settings.LANGUAGE_CODE,
    )


def asked_code(request: HttpRequest) -> Asked | None:
    """What this session waits for, or None."""
    kept = request.session.get(ASKED)
    return Asked(**kept) if kept else None


def remember_proof(request: HttpRequest, asked: Asked) -> None:
    """Note that the visitor reads this contact."""
    request.session[PROVEN] = {
        "contact": asked.contact,
        "at": timezone.now().timestamp(),
        "target": asked.target,
    }


def proven_contact(request: HttpRequest) -> str:
    """The contact that was proven minutes ago; empty when none was."""
    kept = request.session.get(PROVEN)
    if not kept or timezone.now().timestamp() - kept["at"] > FRESH.total_seconds():
        return ""
    return str(kept["contact"])


def proven_target(request: HttpRequest) -> str:
    """Where the visitor wanted to go when asking for the code."""
    return str((request.session.get(PROVEN) or {}).get("target", ""))


def sign_in_proven(request: HttpRequest, person: User, asked: Asked) -> None:
    """Begin the session of a person whose contact is proven; the proof goes along."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.pop(ASKED, None)
    remember_proof(request, asked)
    note_proof(person, asked.contact)
    do_what_was_pressed(request)


def remember_confirmed(request: HttpRequest, person: User) -> None:
    """Note that the person who is signed in has just shown once more who it is."""
    request.session[CONFIRMED] = {"person": person.pk, "at": timezone.now().timestamp()}


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person who is signed in has shown who it is within minutes, by password or code."""
    person = request.user
    if not isinstance(person, User):
        return False
    kept = request.session.get(CONFIRMED) or {}
    is_fresh = timezone.now().timestamp() - kept.get("at", 0) <= FRESH.total_seconds()
    if kept.get("person") == person.pk and is_fresh:
        return True
    proven = proven_contact(request)
    return bool(proven) and proven in (person.email, person.phone)


def onwards(request: HttpRequest, target: str) -> HttpResponseRedirect:
    """To a page of ours; anything else leads members to the desk of their group, others to their account."""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        person = request.user
        works_here = person.is_authenticated and Membership.objects.filter(user=person).exists()
        target = resolve_url("dashboard-home" if works_here else settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect(target)
