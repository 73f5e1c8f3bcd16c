"""What an SMS costs: every shipped text of every kind, in the languages that are translated."""

import pytest

from notices.domain.sms import sms_length
from notices.kinds import KINDS
from notices.services.rendering import shipped
from orders.services.notifying import code_words

# Three parts reach the simplest phones in one piece, and are what a message may cost.
PARTS = 3
ALONE = {"one_time_code": 2}


@pytest.mark.parametrize("language", ["en", "hi", "dz"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_shipped_sms_stays_within_three_parts_with_its_link(kind, language):
    # Words that the code hands over in the language of the reader are measured in it.
    values = {**KINDS[kind].samples, "hand_over": code_words("102030", language=language)}

    text = shipped(kind, "sms", language, values).text

    length = sms_length(text)
    assert length.parts <= ALONE.get(kind, PARTS), f"{length}: {text}"
    if language == "en":
        # One curly quotation mark would halve what fits into a part.
        assert length.encoding == "GSM-7", text
