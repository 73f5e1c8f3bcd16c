"""What a kind of notice is, and sample values with which its texts are previewed and tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Urgency(StrEnum):
    """When a notice may go out.

    NOW: at once, at night too (codes, a sale, trouble with a payment). SOON: after the quiet hours of its reader.
    DIGEST: gathered into one message a day for whoever wants that, else like SOON.
    """

    NOW = "now"
    SOON = "soon"
    DIGEST = "digest"


@dataclass(frozen=True)
class Kind:
    """One kind of notice. Its texts are templates/notices/<code>.email.txt and <code>.sms.txt.

    name: what has happened; reader: who gets it; values: names that its texts may use, besides site_name.
    is_secret: its values are hidden from staff, never sent again, and wiped once they were sent or are too old.
    """

    code: str
    name: str | Promise
    reader: str | Promise
    urgency: Urgency
    values: tuple[str, ...]
    is_secret: bool = False

    @property
    def samples(self) -> Mapping[str, str]:
        """Each value with an example of it. Raises KeyError for a value without an example in SAMPLES."""
        return {name: SAMPLES[name] for name in (*self.values, "site_name")}


SAMPLES: Mapping[str, str] = {
    "account": "1234",
    "address": "Dema, Norzin Lam 12, Thimphu, 11001",
    "amount": "310.00",
    "bank": "Example Bank, Thimphu",
    "by": "Dorji",
    "carrier": "Bus or taxi",
    "certificate": "Lakadong Turmeric AU/741/12",
    "changes": "Goods come from: Khoma (before: Lhuentse)",
    "code": "123456",
    "contact": "shop@example.org",
    "count": "3",
    "currency": "INR",
    "detail": "event 17",
    "goods": "2 x Red rice 1 kg, 1 x Kishuthara",
    "hand_over": "Hand-over code: 102030. Say it when you take the goods.",
    "holder": "Example programme office",
    "decided": "Cliff honey (Doga): approved, from 1 March 2027 on",
    "items": "Red rice 1 kg: 3 left.\nHoney 500 g: on sale.",
    "link": "https://shop.example/orders/7K3M-2291-9X/?key=" + "k" * 43,
    "listing": "Red rice 1 kg",
    "missing": "60.00",
    "note": "Please add a photo of the label.",
    "number": "7K3M-2291-9X",
    "offers": "Harvest days, 10 % from the programme: -₹31.00",
    "on": "2026-11-28",
    "outcome": "We have asked the group to change it.",
    "parts": "Khoma weavers\n2 x Red rice 1 kg\nPost: arrives 3 to 8 December",
    "person": "Pema",
    "place": "Khoma",
    "reason": "The rain has spoiled it.",
    "reference": "BOB-1",
    "role": "packer",
    "short": "Fair in Paro on 12 December: say by Friday if you come.",
    "site_name": "One Place One Product",
    "stop": "https://shop.example/following/stop/12:" + "k" * 43 + "/",
    "subject": "an event could not be handled",
    "text": "Order 7K3M-2291-9X: paid, thank you.",
    "thing": "Red rice 1 kg",
    "total": "310.00",
    "tracking": "BP-1-A1234",
    "until": "28 November 2026",
    "vendor": "Khoma weavers",
}
