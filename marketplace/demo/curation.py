"""Example collections, stories and an announcement, and the turns of the first day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from catalogue.models import Product, ProductImage
from catalogue.selectors.facets import with_units
from people.models import User
from programme.models import Announcement, Collection, CollectionListing, Story, StoryPhoto
from programme.models.publications import Publication, office_today
from programme.services.featuring import draw_today
from programme.services.publishing import publish
from vendors.models import Partner

RUNS = timedelta(days=45)
IN_A_COLLECTION = 14
LOOM_GROUP, SPICE_GROUP = "Bumthang Yathra House", "Lakadong Spice Growers"


@dataclass(frozen=True)
class _Tale:
    """An example story; words of the body are those of programme.domain.markup."""

    slug: str
    group: str
    title: str
    title_hi: str
    summary: str
    summary_hi: str
    body: str


_TALES = (
    _Tale(
        "from-fleece-to-yathra",
        LOOM_GROUP,
        "From fleece to yathra",
        "ऊन से याथ्रा तक",
        "How a band of wool cloth is made in Bumthang, from the sheep to the finished width.",
        "बुमथांग में ऊनी कपड़े की पट्टी कैसे बनती है: भेड़ से तैयार चौड़ाई तक।",
        "Example story. The steps are those of the craft; the people are invented.\n\n"
        "In the high valleys the sheep are shorn twice a year. The fleece is washed in the stream, beaten on a stone "
        "and spun by hand while somebody minds the fire.\n\n"
        "## Colour\n\n"
        "Each skein goes into the pot by itself:\n"
        "- madder gives the reds\n- indigo gives the blues, after many short baths\n- walnut husk gives the browns\n\n"
        "## The loom\n\n"
        "A width takes two to three weeks. The pattern is not drawn beforehand: the weaver counts threads and keeps the "
        "figure in mind. Two widths sewn together make a blanket.\n\n"
        "What else comes from there is on the page of [Bumthang](/places/BT-33/).",
    ),
    _Tale(
        "the-turmeric-of-lakadong",
        SPICE_GROUP,
        "The turmeric of Lakadong",
        "लाकाडोंग की हल्दी",
        "Why the root of one plateau in Meghalaya is a deeper yellow, and how it becomes powder.",
        "मेघालय के एक पठार की जड़ इतनी गहरी पीली क्यों है, और वह चूर्ण कैसे बनती है।",
        "Example story. Place and product are real; the people are invented.\n\n"
        "Lakadong is a plateau in the West Jaintia Hills. The turmeric that grows there holds more curcumin than most, "
        "which is what makes it so deep a yellow.\n\n"
        "## From the field to the jar\n\n"
        "- The roots are planted in April and dug up in winter.\n"
        "- They are boiled the same day, so that the colour stays.\n"
        "- Slices dry on bamboo trays for a week and are ground in small lots.\n\n"
        "The name is protected: only an authorised user may sell under it. "
        "[What proves a claim](/how-it-works/#proof) says how that is checked.",
    ),
)


def write_curation(vendors: Mapping[str, Partner], *, moderator: User) -> None:
    """Write and publish the examples, and draw the turns. vendors: by name; those that are missing leave their story out."""
    today = office_today()
    festival = Collection(
        kind=Collection.Kind.FESTIVAL,
        slug="gifts-for-a-new-year",
        title="Gifts for a new year",
        title_hi="नए साल के उपहार",
        words="For Losar and every other new year: small things of many places that keep, wrap and travel well.",
        words_hi="लोसर और हर नए साल के लिए: कई जगहों की छोटी चीज़ें, जो टिकती हैं और आसानी से भेजी जा सकती हैं।",
        starts_on=today - timedelta(days=10),
        ends_on=today + RUNS,
    )
    season = Collection(
        kind=Collection.Kind.SEASON,
        slug="for-the-cold-months",
        title="For the cold months",
        title_hi="ठंड के महीनों के लिए",
        words="Wool, tea and honey: what is made while the passes are closed.",
        words_hi="ऊन, चाय और शहद: जो तब बनता है जब दर्रे बंद होते हैं।",
        starts_on=today - timedelta(days=3),
        ends_on=today + 2 * RUNS,
    )
    offered = with_units(Product.objects.live().whole().filter(price_from__isnull=False))
    _fill(festival, _one_of_each_group(offered.order_by("vendor", "-pk")), moderator=moderator)
    warm = offered.filter(title__iregex=r"tea|honey|wool|yathra|blanket|shawl")
    _fill(season, _one_of_each_group(warm.order_by("vendor", "pk")), moderator=moderator)
    for tale in _TALES:
        if tale.group in vendors:
            _tell(tale, vendors[tale.group], moderator=moderator)
    _publish(
        Announcement(
            audience=Announcement.Audience.EVERYBODY,
            words="Example: parcels from Bhutan take two to four days longer until the passes are clear of snow.",
            words_hi="उदाहरण: जब तक दर्रों पर बर्फ़ है, भूटान से पार्सल दो से चार दिन अधिक लेते हैं।",
            starts_on=today - timedelta(days=1),
            ends_on=today + RUNS,
        ),
        moderator=moderator,
    )
    draw_today()


def _one_of_each_group(listings: Iterable[Product]) -> list[Product]:
    first: dict[int, Product] = {}
    for listing in listings:
        first.setdefault(listing.vendor_id, listing)
    # Every so many, so that the shelf is not of one corner of the country.
    chosen = list(first.values())
    step = max(len(chosen) // IN_A_COLLECTION, 1)
    return chosen[::step][:IN_A_COLLECTION]


def _fill(collection: Collection, listings: Sequence[Product], *, moderator: User) -> None:
    _publish(collection, moderator=moderator)
    CollectionListing.objects.bulk_create(
        CollectionListing(collection=collection, listing=listing, position=position)
        for position, listing in enumerate(listings)
    )


def _tell(tale: _Tale, vendor: Partner, *, moderator: User) -> None:
    story = Story(
        slug=tale.slug,
        region=vendor.home_region,
        vendor=vendor,
        title=tale.title,
        title_hi=tale.title_hi,
        summary=tale.summary,
        summary_hi=tale.summary_hi,
        body=tale.body,
        told_by="the programme office",
    )
    _publish(story, moderator=moderator)
    picture = ProductImage.objects.filter(product__vendor=vendor, has_renditions=True).order_by("pk").first()
    if picture is not None:
        StoryPhoto.objects.create(
            story=story,
            original=str(picture.original.name),
            digest=f"{story.pk:064d}",
            alt_text="Example: drawn, not photographed",
            width=picture.width,
            height=picture.height,
            has_renditions=True,
        )


def _publish(page: Publication, *, moderator: User) -> None:
    page.is_example, page.created_by = True, moderator
    page.save()
    publish(page, actor=moderator)
