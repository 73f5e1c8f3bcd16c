"""A listing as schema.org and Google's product data know it, with the values that its page shows."""

from collections.abc import Iterable, Sequence

from catalogue.models import Product
from catalogue.selectors.claims import Claim
from catalogue.selectors.listings import Picture
from orders.models import Review
from regions.models import Region
from storefront.offers import Offer
from storefront.structured.script import Thing, full


def product(
    listing: Product,
    offers: Sequence[Offer],
    *,
    pictures: Iterable[Picture],
    claims: Iterable[Claim],
    reviews: Iterable[Review],
    may_sell: bool,
) -> Thing:
    """A listing, what it costs and where it is from.

    listing: read with its places and group. reviews: those that the page shows. may_sell: nothing but stock stands in the way.
    """
    country = listing.region
    while country.parent is not None:
        country = country.parent
    return {
        "@type": "Product",
        "name": listing.said("title"),
        "description": listing.said("description"),
        "sku": str(listing.pk),
        "url": full(listing.get_absolute_url()),
        "image": [full(picture.large) for picture in pictures],
        "brand": {"@type": "Brand", "name": listing.vendor.name},
        "countryOfOrigin": {"@type": "Country", "name": country.name},
        "additionalProperty": _origin(listing.region),
        "hasCertification": [certification(claim) for claim in claims],
        **(_rated(listing, reviews) if listing.rating_count else {}),
        "offers": [_offer(listing, offer, may_sell=may_sell) for offer in offers],
    }


def certification(claim: Claim) -> Thing:
    """A certificate that holds today."""
    return {
        "@type": "Certification",
        "name": claim.name,
        "certificationIdentification": claim.number,
        "certificationStatus": "https://schema.org/CertificationActive",
        "expires": claim.until.isoformat(),
        **({"issuedBy": {"@type": "Organization", "name": claim.issuer}} if claim.issuer else {}),
    }


def _origin(region: Region) -> Thing:
    return {"@type": "PropertyValue", "name": "place of origin", "value": region.name}


def _offer(listing: Product, offer: Offer, *, may_sell: bool) -> Thing:
    until = offer.shown.holds_until
    state = "InStock" if offer.units and may_sell else "OutOfStock"
    return {
        "@type": "Offer",
        "name": offer.words or listing.said("title"),
        "price": str(offer.shown.amount),
        "priceCurrency": offer.currency,
        **({"priceValidUntil": until.isoformat()} if until else {}),
        "availability": f"https://schema.org/{state}",
        "itemCondition": "https://schema.org/NewCondition",
        "url": full(listing.get_absolute_url()),
        "seller": {"@type": "Organization", "name": listing.vendor.name},
    }


def _rated(listing: Product, reviews: Iterable[Review]) -> Thing:
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": round(listing.rating or 0, 1),
            "reviewCount": listing.rating_count,
        },
        "review": [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": review.by},
                "datePublished": review.submitted_at.date().isoformat(),
                "inLanguage": review.language,
                "reviewBody": review.words,
                "reviewRating": {"@type": "Rating", "ratingValue": review.stars},
            }
            for review in reviews
        ],
    }
