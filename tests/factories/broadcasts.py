"""What the programme office keeps."""

import factory

from programme.models import Broadcast, BroadcastEvent
from tests.factories.people import PersonFactory

WORDS = {"subject": "Fair in Paro", "text": "The fair is on 12 December.", "short": "Fair on 12 December."}


class BroadcastFactory(factory.django.DjangoModelFactory):
    """A draft of a moderator to all members of approved groups, in English."""

    class Meta:
        model = Broadcast
        skip_postgeneration_save = True

    texts = factory.LazyFunction(lambda: {"en": dict(WORDS)})
    author = factory.SubFactory(PersonFactory, moderator=True)
    form_key = factory.Sequence(lambda n: f"form-{n}")

    @factory.post_generation
    def begun(self, create, extracted, **kwargs):
        """The first step of its history."""
        if create:
            BroadcastEvent.objects.create(broadcast=self, to_state="draft", actor=self.author)
