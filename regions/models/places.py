"""Places, their other names and where they stand on the maps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from marketplace.lib.countries import country_name

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

    def standing(self) -> Self:
        """Places that have not ended: those to browse and to choose from."""
        return self.filter(ended_on__isnull=True)

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
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

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
            models.Index(name="region_ended", fields=["ended_on"], condition=Q(ended_on__isnull=False)),
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
    def shown_name(self) -> str:
        """The name for readers: of a country in their language, else as it is written here."""
        return country_name(self.code, self.name) if self.level == Region.Level.COUNTRY else self.name

    @property
    def is_named_twice(self) -> bool:
        """Whether its name in its own script says something beside the one that is shown."""
        return self.local_name not in ("", self.shown_name)

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


# Levels of the places of a country, the small ones first.
LEVELS_BY_COUNTRY: Mapping[str, Sequence[Region.Level]] = {
    "BT": (Region.Level.GEWOG, Region.Level.DZONGKHAG),
    "IN": (Region.Level.DISTRICT, Region.Level.STATE),
    "TH": (Region.Level.PROVINCE,),
}


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


class MapTileQuerySet(models.QuerySet["MapTile"]):
    """Reads of tiles."""

    def drawn(self) -> Self:
        """Without those of places that ended; the files give them to others with their next edition."""
        return self.filter(region__ended_on__isnull=True).select_related("region__parent")


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

    objects = MapTileQuerySet.as_manager()

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
