"""The place tree, other names of places, tile positions, schemes, identified products, protected names, officers' places."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

PATH_SEPARATOR = "/"


class RegionQuerySet(models.QuerySet["Region"]):
    """Reads of places."""

    def within(self, region: "Region") -> Self:
        """The place itself and everything below it."""
        return self.filter(path__startswith=region.path)

    def countries(self) -> Self:
        """The roots of the tree, by name."""
        return self.filter(level=Region.Level.COUNTRY).order_by("name")

    def at(self, *levels: "Region.Level | str") -> Self:
        """Places of these levels."""
        return self.filter(level__in=levels)

    def coded(self, codes: Iterable[str]) -> Self:
        """Places with these codes; a code that no place has is passed over."""
        return self.filter(code__in=list(codes))


class Region(models.Model):
    """A place of the tree: country, then dzongkhag, state or province, then gewog or district.

    path holds the codes from the country down, each followed by a stroke ("BT/BT-11/BT-11-DOGA/"), so that
    everything below a place is one prefix. Codes are given by the reference data and never change.
    """

    class Level(models.TextChoices):
        COUNTRY = "country", _("country")
        DZONGKHAG = "dzongkhag", _("dzongkhag")
        GEWOG = "gewog", _("gewog")
        STATE = "state", _("state or union territory")
        DISTRICT = "district", _("district")
        PROVINCE = "province", _("province")

    DEPTHS: ClassVar[dict[str, int]] = {
        Level.COUNTRY: 0,
        Level.DZONGKHAG: 1,
        Level.STATE: 1,
        Level.PROVINCE: 1,
        Level.GEWOG: 2,
        Level.DISTRICT: 2,
    }

    code = models.CharField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
    )
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    name = models.CharField(_("name"), max_length=80)
    local_name = models.CharField(_("name in the local script"), max_length=80, blank=True)
    local_language = models.CharField(_("language of the local name"), max_length=8, blank=True)
    path = models.CharField(_("path"), max_length=120, unique=True)
    depth = models.PositiveSmallIntegerField(_("depth"))
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    lgd_code = models.CharField(_("Local Government Directory code"), max_length=8, blank=True)
    coordinate_basis = models.CharField(_("what the point stands for"), max_length=120, blank=True)
    name_source = models.CharField(_("source of the name"), max_length=255, blank=True)
    status_note = models.CharField(_("remark on its status"), max_length=255, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="region_level_fits_depth",
                condition=(
                    Q(level="country", depth=0, parent__isnull=True)
                    | Q(level__in=("dzongkhag", "state", "province"), depth=1, parent__isnull=False)
                    | Q(level__in=("gewog", "district"), depth=2, parent__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="region_path_ends_with_code",
                condition=Q(path__endswith=Concat(F("code"), Value(PATH_SEPARATOR))),
            ),
            models.CheckConstraint(
                name="region_code_is_written_in_capitals", condition=Q(code__regex=r"^[A-Z0-9-]+$")
            ),
            models.CheckConstraint(
                name="region_point_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__isnull=False,
                    longitude__range=(-180, 180),
                ),
            ),
            models.UniqueConstraint(
                name="region_lgd_code_once", fields=["lgd_code"], condition=~Q(lgd_code="")
            ),
        ]
        indexes = [
            models.Index(name="region_children_by_name", fields=["parent", "name"]),
            models.Index(name="region_level_by_name", fields=["level", "name"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> list[str]:
        """The codes from the country down to this place."""
        return self.path.rstrip(PATH_SEPARATOR).split(PATH_SEPARATOR)

    @property
    def country_code(self) -> str:
        """Code of the country, such as "BT"."""
        return self.codes[0]

    @property
    def display_name(self) -> str:
        """The name in both scripts when both are known: "Paro · སྤ་རོ"."""
        return f"{self.name} · {self.local_name}" if self.local_name else self.name

    def ancestors(self) -> list["Region"]:
        """The places above this one, country first; one query, none for a country."""
        above = self.codes[:-1]
        return list(Region.objects.coded(above).order_by("depth")) if above else []

    def contains(self, other: "Region") -> bool:
        """Whether the other place is this one or lies below it."""
        return other.path.startswith(self.path)


class RegionAlias(models.Model):
    """Another spelling or an older name of a place, for search and for matching lists."""

    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.CASCADE, related_name="aliases"
    )
    alias = models.CharField(_("other name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=60)

    class Meta:
        verbose_name = _("other name of a place")
        verbose_name_plural = _("other names of places")
        ordering = ["alias", "pk"]
        constraints = [models.UniqueConstraint(name="region_alias_once", fields=["region", "alias"])]

    def __str__(self) -> str:
        return self.alias


class MapTile(models.Model):
    """Where a place stands on a hexagon map; odd rows are shifted right by half a tile."""

    class Layout(models.TextChoices):
        BT_DZONGKHAG = "bt_dzongkhag", _("Bhutan by dzongkhag")
        BT_GEWOG = "bt_gewog", _("Bhutan by gewog")
        IN_STATE = "in_state", _("India by state")
        TH_PROVINCE = "th_province", _("Thailand by province")

    layout = models.CharField(_("map"), max_length=20, choices=Layout.choices)
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.CASCADE, related_name="tiles"
    )
    column = models.PositiveSmallIntegerField(_("column"))
    row = models.PositiveSmallIntegerField(_("row"))

    class Meta:
        verbose_name = _("map tile")
        verbose_name_plural = _("map tiles")
        ordering = ["layout", "row", "column"]
        constraints = [
            models.UniqueConstraint(name="map_tile_region_once", fields=["layout", "region"]),
            models.UniqueConstraint(name="map_tile_cell_once", fields=["layout", "column", "row"]),
        ]

    def __str__(self) -> str:
        return f"{self.layout} {self.column},{self.row}"


class Scheme(models.Model):
    """A programme that names the products of places, such as OGOP; one row also for what no programme names."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.ForeignKey(
        Region,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        related_name="schemes",
        limit_choices_to={"level": "country"},
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["country", "code"]

    def __str__(self) -> str:
        return self.name


class IdentifiedProduct(models.Model):
    """A product that a scheme names for a place. When the source names no place, the place is the country."""

    scheme = models.ForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="identified_products"
    )
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="identified_products"
    )
    name = models.CharField(_("product"), max_length=160)
    category = models.CharField(_("category"), max_length=60)
    sector = models.CharField(_("sector in the source"), max_length=60, blank=True)
    rank = models.CharField(_("rank in the list"), max_length=20, blank=True)
    year_of_source = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=400)

    class Meta:
        verbose_name = _("identified product")
        verbose_name_plural = _("identified products")
        ordering = ["region", "name"]
        constraints = [
            models.UniqueConstraint(name="identified_product_once", fields=["scheme", "region", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class GeographicalIndication(models.Model):
    """A protected name of origin; country is the ISO code of the country of origin, which may be a foreign one."""

    class GoodsClass(models.TextChoices):
        HANDICRAFT = "Handicraft", _("handicraft")
        AGRICULTURAL = "Agricultural", _("agricultural")
        FOOD_STUFF = "Food Stuff", _("food stuff")
        MANUFACTURED = "Manufactured", _("manufactured")
        NATURAL_GOODS = "Natural Goods", _("natural goods")

    country = models.CharField(_("country of origin"), max_length=2)
    serial = models.PositiveIntegerField(_("serial in the register of India"), null=True, blank=True)
    application_number = models.CharField(_("application number"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    goods_class = models.CharField(_("class of goods"), max_length=20, choices=GoodsClass.choices)
    states = models.CharField(_("states as printed"), max_length=160, blank=True)
    regions = models.ManyToManyField(
        Region, verbose_name=_("places"), related_name="geographical_indications", blank=True
    )
    year = models.PositiveSmallIntegerField(_("year of registration"), null=True, blank=True)
    filed = models.CharField(_("filed on"), max_length=60, blank=True)
    registered_window = models.CharField(_("registered within"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=80)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=400)

    class Meta:
        verbose_name = _("geographical indication")
        verbose_name_plural = _("geographical indications")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="gi_serial_once", fields=["serial"], condition=Q(serial__isnull=False)
            ),
            models.UniqueConstraint(
                name="gi_unnumbered_once",
                fields=["country", "name", "goods_class"],
                condition=Q(serial__isnull=True),
            ),
            models.UniqueConstraint(
                name="gi_application_once", fields=["application_number"], condition=~Q(application_number="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GiParty(models.Model):
    """Whom the register names for a protected name. Only who stands in Part B may use it.

    number: in that part of the register. on: the date of the entry; until: its end, where the register gives one.
    """

    class Part(models.TextChoices):
        PROPRIETOR = "A", _("Part A: registered proprietor")
        AUTHORISED_USER = "B", _("Part B: authorised user")

    gi = models.ForeignKey(
        GeographicalIndication,
        verbose_name=_("protected name"),
        on_delete=models.CASCADE,
        related_name="parties",
    )
    part = models.CharField(_("part"), max_length=1, choices=Part.choices)
    name = models.CharField(_("name"), max_length=160)
    number = models.CharField(_("number in the register"), max_length=60, blank=True)
    on = models.DateField(_("entered on"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("entry of the register")
        verbose_name_plural = _("entries of the register")
        ordering = ["part", "name", "pk"]
        constraints = [
            models.UniqueConstraint(name="gi_party_once", fields=["gi", "part", "name", "number"]),
            models.CheckConstraint(name="gi_party_user_has_number", condition=~Q(part="B") | ~Q(number="")),
            models.CheckConstraint(
                name="gi_party_days_in_order",
                condition=Q(on__isnull=True) | Q(until__isnull=True) | Q(on__lte=F("until")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.name} {self.number}".strip()


class RegionRole(models.Model):
    """A person of the staff works in this place and all that lies below it; without any, in no place at all.

    may_decide: about groups and listings there; otherwise the person reads, lists on behalf of groups and verifies.
    Whoever has the right work_everywhere needs no role.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="region_roles",
        limit_choices_to={"is_staff": True},
    )
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="region_roles"
    )
    may_decide = models.BooleanField(_("decides"), default=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("officer's place")
        verbose_name_plural = _("officers' places")
        permissions = [("work_everywhere", "Works in every place")]
        constraints = [models.UniqueConstraint(name="region_role_once", fields=["person", "region"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.region}"


class ReferenceLoad(models.Model):
    """One load of the reference data that changed something or was the first of these files."""

    fingerprint = models.CharField(_("fingerprint of the files"), max_length=64)
    counts = models.JSONField(_("rows held after it"))
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("load of reference data")
        verbose_name_plural = _("loads of reference data")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.fingerprint[:12]} {self.loaded_at:%Y-%m-%d %H:%M}"
