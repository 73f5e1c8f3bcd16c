"""Contacts that people have shown by code to be theirs."""

from django.utils import timezone

from people.models import ProvenContact, User


def note_proof(person: User, contact: str) -> None:
    """Keep that a person reads this contact, in normal form, as a code has just shown; another's contact is not kept."""
    if contact and contact in (person.email, person.phone):
        ProvenContact.objects.update_or_create(
            person=person, contact=contact, defaults={"proven_at": timezone.now()}
        )


def proven_contacts(person: User) -> frozenset[str]:
    """Contacts that the account has now and that its owner has proven; one query."""
    own = [contact for contact in (person.email, person.phone) if contact]
    rows = ProvenContact.objects.filter(person=person, contact__in=own)
    return frozenset(rows.values_list("contact", flat=True))


def unproven_contacts(person: User) -> list[str]:
    """Contacts of the account that no code has shown to be the owner's."""
    proven = proven_contacts(person)
    return [contact for contact in (person.phone, person.email) if contact and contact not in proven]
