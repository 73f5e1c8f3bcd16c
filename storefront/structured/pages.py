"""What the pages of the shop itself, of a place, a group and a story are about."""

from collections.abc import Iterable

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from catalogue.selectors.claims import Claim
from programme.models import Story, StoryPhoto
from regions.models import Region
from storefront.structured.product import certification
from storefront.structured.script import Thing, bare, full
from vendors.models import Partner


def shop() -> Thing:
    """The shop, who runs it, and how it is searched."""
    home = full(reverse("home"))
    search = f"{full(reverse('listing-list'))}?q={{search_term_string}}"
    return {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": home,
        "inLanguage": get_language(),
        "publisher": {
            "@type": "Organization",
            "name": settings.SITE_NAME,
            "url": home,
            "logo": full(static("icon.svg")),
        },
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def place(region: Region) -> Thing:
    """A place and what it lies in. The places above must have been read.

    A place that has ended, and whose page tells of that, stands for itself like any other.
    """
    kind = "AdministrativeArea" if region.parent else "Country"
    return bare(
        {
            "@type": kind,
            "name": region.name,
            "alternateName": region.local_name,
            "identifier": region.code,
            "url": full(reverse("place-detail", args=[region.code])),
            "containedInPlace": place(region.parent) if region.parent else None,
        }
    )


def group(vendor: Partner, *, claims: Iterable[Claim], pictures: Iterable[str]) -> Thing:
    """A producer group as its page shows it. vendor: read with its home and what that lies in; pictures: addresses."""
    home, above = vendor.home_region, vendor.home_region.parent
    return {
        "@type": "Organization",
        "name": vendor.name,
        "url": full(vendor.get_absolute_url()),
        "description": vendor.said("summary"),
        "identifier": vendor.registration_number,
        "image": [full(picture) for picture in pictures],
        "address": bare(
            {
                "@type": "PostalAddress",
                "addressLocality": home.name,
                "addressRegion": above.name if above else "",
                "addressCountry": home.country_code,
            }
        ),
        "hasCertification": [certification(claim) for claim in claims],
    }


def article(story: Story, photos: Iterable[StoryPhoto]) -> Thing:
    """A story, in the language in which it is read here."""
    title = story.said("title")
    return {
        "@type": "Article",
        "headline": title.text,
        "description": story.said("summary").text,
        "inLanguage": title.language,
        "url": full(story.get_absolute_url()),
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
        "image": [full(photo.large) for photo in photos],
        "datePublished": story.published_at.isoformat(timespec="seconds") if story.published_at else None,
        "author": {"@type": "Person", "name": story.told_by} if story.told_by else None,
    }
