"""What the reference data must hold: codes, parents, points, names, schemes, classes and tiles, row by row."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from regions.domain.change_rules import Register, check_changes, register_of
from regions.domain.place_codes import PARENT_LEVEL, code_fits, folded
from regions.domain.reference_files import Files, Problem, Row
from regions.domain.scripts import local_language

# South, north, west, east: a point outside is a slip of the pen.
_BOUNDS = {"BT": (26.6, 28.4, 88.7, 92.2), "IN": (6.5, 37.2, 68.0, 97.5), "TH": (5.5, 20.6, 97.2, 105.8)}
_POINT = re.compile(r"-?\d{1,3}\.\d{1,4}")
_YEAR = re.compile(r"((19|20)\d\d)?")

# What the files call a programme -> the code of our scheme. The edition of the list stands behind it in brackets.
SCHEME_OF_PROGRAMME = {
    "OGOP": "OGOP",
    "regional product": "BT-REGIONAL",
    "DPIIT ODOP list": "ODOP-DPIIT",
    "MoFPI PMFME ODOP list": "ODOP-MoFPI",
}
_EDITION = re.compile(r" \([^()]+\)$")


@dataclass(frozen=True)
class SchemeFacts:
    """What a scheme is called, where it works, and which levels propose and recommend; the centre approves."""

    code: str
    name: str
    short_name: str
    product_word: str
    country: str
    proposing_level: str
    recommending_level: str = ""
    is_programme: bool = True


# BT-REGIONAL is no programme: its sources do not say that OGOP named the product, so it must not be shown as if it
# did. The tree of Thailand ends with the province, which therefore speaks for its tambons.
SCHEMES = (
    SchemeFacts("OGOP", "One Gewog One Product", "OGOP", "OGOP product", "BT", "gewog", "dzongkhag"),
    SchemeFacts(
        "BT-REGIONAL", "Regional product of Bhutan", "Regional product", "regional product", "BT", "gewog",
        "dzongkhag", is_programme=False,
    ),
    SchemeFacts("ODOP-DPIIT", "One District One Product", "ODOP", "ODOP product", "IN", "district", "state"),
    SchemeFacts(
        "ODOP-MoFPI", "One District One Product, food processing (PMFME)", "ODOP (PMFME)", "PMFME product", "IN",
        "district", "state",
    ),
    SchemeFacts("OTOP", "One Tambon One Product", "OTOP", "OTOP product", "TH", "province"),
)  # fmt: skip
LAYOUT_LEVEL = {
    "bt_dzongkhag": "dzongkhag",
    "bt_gewog": "gewog",
    "in_state": "state",
    "th_province": "province",
}
PRODUCT_CATEGORIES = {
    "odop_products.csv": frozenset(
        {
            "Agriculture & Horticulture",
            "Food Processing",
            "Handloom & Textiles",
            "Handicrafts",
            "Manufacturing & Engineering",
            "Forest & Medicinal",
            "Minerals & Stone",
            "Marine & Fisheries",
            "Animal Husbandry & Dairy",
            "Gems & Jewellery",
            "Leather & Footwear",
            "Tourism & Services",
        }
    ),
    "ogop_products.csv": frozenset(
        {
            "Food",
            "Agricultural produce",
            "Handicrafts",
            "Wood, cane & bamboo",
            "Textiles",
            "Cosmetics & wellness",
        }
    ),
}
GOODS_CLASSES = frozenset({"Handicraft", "Agricultural", "Food Stuff", "Manufactured", "Natural Goods"})

Regions = Mapping[str, Row]


def check(files: Files, *, today: date) -> list[Problem]:
    """Every fault of the files, those of reading first; an empty list means that they may be loaded.

    today: the latest date of the countries. What refers to a line that could not be read is not called a fault as well.
    """
    if "regions.csv" in files.incomplete:
        return files.problems
    rows = files.rows
    regions = {row["code"]: row for row in rows["regions.csv"]}
    register = register_of(rows["region_changes.csv"])
    faults = [
        *files.problems,
        *_check_regions(rows["regions.csv"], regions, register),
        *check_changes(rows["region_changes.csv"], regions, register=register, today=today),
        *_check_meta(rows["region_meta.csv"], regions),
        *_check_aliases(rows["region_aliases.csv"], regions),
        *_check_tiles(rows["map_tiles.csv"], regions, register),
        *_check_odop(rows["odop_products.csv"], regions),
        *_check_ogop(rows["ogop_products.csv"], regions),
        *_check_gi(rows["gi_tags.csv"], regions),
    ]
    if "region_meta.csv" not in files.incomplete:
        faults += _check_all_described(rows["region_meta.csv"], regions)
    if "map_tiles.csv" not in files.incomplete:
        faults += _check_all_shown(rows["map_tiles.csv"], regions, register)
    return faults


def scheme_of(programme: str) -> str | None:
    """The code of the scheme whose list calls itself so, in whatever edition; None when there is none."""
    return SCHEME_OF_PROGRAMME.get(_EDITION.sub("", programme))


def schemes_in(country: str) -> set[str]:
    """Codes of the schemes of a country that have a list."""
    return {scheme.code for scheme in SCHEMES if scheme.country == country} & set(
        SCHEME_OF_PROGRAMME.values()
    )


def place_codes(row: Row) -> list[str]:
    """The codes of a cell that names several places."""
    return [code for code in row["region_codes"].split("; ") if code]


def _once(rows: Iterable[Row], column: str, key: Callable[[Row], Hashable]) -> Iterator[Problem]:
    first: dict[Hashable, int] = {}
    for row in rows:
        line = first.setdefault(key(row), row.line)
        if line != row.line:
            yield row.problem(column, f"stands in line {line} already; keep one of the two")


def _filled(row: Row, *columns: str) -> Iterator[Problem]:
    for column in columns:
        if not row[column]:
            yield row.problem(column, "empty; fill it in")


def _check_regions(rows: list[Row], regions: Regions, register: Register) -> Iterator[Problem]:
    yield from _once(rows, "code", lambda row: row["code"])
    # A place may have the name of one that ended.
    standing = [row for row in rows if row["code"] not in register.ended]
    yield from _once(standing, "name", lambda row: (row["parent_code"], row["level"], folded(row["name"])))
    for row in rows:
        yield from _filled(row, "code", "name")
        if row["level"] not in PARENT_LEVEL:
            yield row.problem("level", f"no such level; use one of {', '.join(PARENT_LEVEL)}")
            continue
        if not code_fits(row["code"], row["level"]):
            yield row.problem("code", f"not the form of a {row['level']} code; see SOURCES.md, Code scheme")
        yield from _check_parent(row, regions, register)
        yield from _check_point(row)
        if row["local_name"]:
            try:
                local_language(row["local_name"], row["code"])
            except ValueError as error:
                yield row.problem("local_name", f"{error}; write it in one script of the country")


def _check_parent(row: Row, regions: Regions, register: Register) -> Iterator[Problem]:
    wanted, parent = PARENT_LEVEL[row["level"]], row["parent_code"]
    if not wanted:
        if parent:
            yield row.problem("parent_code", "a country is part of nothing; leave it empty")
    elif parent not in regions:
        yield row.problem("parent_code", "no such place; correct the code or add the place")
    elif regions[parent]["level"] != wanted:
        yield row.problem(
            "parent_code", f"is a {regions[parent]['level']}; a {row['level']} is part of a {wanted}"
        )
    elif not any(
        row["code"].startswith(f"{above}-")
        # A place that moved may keep its code, and so may what lies in one that has a new code.
        for above in (*register.codes_of(parent), *register.former_parents.get(row["code"], ()))
    ):
        yield row.problem("code", f"does not begin with the code of its parent, {parent}-")


def _check_point(row: Row) -> Iterator[Problem]:
    if bool(row["lat"]) != bool(row["lon"]):
        yield row.problem("lat" if not row["lat"] else "lon", "half a point; give both numbers or none")
        return
    if not row["lat"]:
        if row["level"] != "district":
            yield row.problem("lat", f"a {row['level']} needs a point")
        return
    for column in ("lat", "lon"):
        if not _POINT.fullmatch(row[column]):
            yield row.problem(column, "not a number of degrees with up to four decimals")
            return
    south, north, west, east = _BOUNDS.get(row["code"].partition("-")[0], (-90, 90, -180, 180))
    if not south <= float(row["lat"]) <= north:
        yield row.problem("lat", f"outside the country ({south} to {north})")
    if not west <= float(row["lon"]) <= east:
        yield row.problem("lon", f"outside the country ({west} to {east})")


def _known(row: Row, column: str, regions: Regions) -> Iterator[Problem]:
    if row[column] not in regions:
        yield row.problem(column, "no such place in regions.csv; correct the code")


def _check_meta(rows: list[Row], regions: Regions) -> Iterator[Problem]:
    yield from _once(rows, "code", lambda row: row["code"])
    yield from _once((row for row in rows if row["lgd_code"]), "lgd_code", lambda row: row["lgd_code"])
    for row in rows:
        yield from _known(row, "code", regions)
        tail = row["code"].rpartition("-")[2]
        if row["lgd_code"] and not (
            row["lgd_code"].isdecimal() and tail.isdecimal() and int(tail) == int(row["lgd_code"])
        ):
            yield row.problem("lgd_code", "is not the number at the end of the code")
        region = regions.get(row["code"])
        if region and bool(region["lat"]) != (row["coord_basis"] not in ("", "none")):
            yield row.problem(
                "coord_basis", "does not fit regions.csv: say what a point stands for, else none"
            )


def _check_all_described(rows: list[Row], regions: Regions) -> Iterator[Problem]:
    described = {row["code"] for row in rows}
    for code, region in regions.items():
        if code not in described:
            yield region.problem("code", "has no line in region_meta.csv; add one")


def _check_aliases(rows: list[Row], regions: Regions) -> Iterator[Problem]:
    yield from _once(rows, "alias", lambda row: (row["code"], folded(row["alias"])))
    for row in rows:
        yield from _known(row, "code", regions)
        yield from _filled(row, "alias", "kind")


def _check_tiles(rows: list[Row], regions: Regions, register: Register) -> Iterator[Problem]:
    yield from _once(rows, "code", lambda row: (row["layout"], row["code"]))
    yield from _once(rows, "col", lambda row: (row["layout"], row["col"], row["row"]))
    for row in rows:
        for column in ("col", "row"):
            if not re.fullmatch(r"\d{1,3}", row[column]):
                yield row.problem(column, "not a whole number from 0 to 999")
        level = LAYOUT_LEVEL.get(row["layout"])
        if level is None:
            yield row.problem("layout", f"no such map; use one of {', '.join(LAYOUT_LEVEL)}")
        elif row["code"] not in regions or regions[row["code"]]["level"] != level:
            yield row.problem("code", f"not a {level} of regions.csv; this map shows nothing else")
        if row["code"] in register.ended:
            yield row.problem("code", "ended; give its tile to a place that stands")


def _check_all_shown(rows: list[Row], regions: Regions, register: Register) -> Iterator[Problem]:
    shown = {(row["layout"], row["code"]) for row in rows}
    for layout, level in LAYOUT_LEVEL.items():
        for code, region in regions.items():
            if region["level"] == level and code not in register.ended and (layout, code) not in shown:
                yield region.problem("code", f"has no tile of {layout} in map_tiles.csv; add one")


def _check_product(row: Row, country: str) -> Iterator[Problem]:
    yield from _filled(row, "product", "source")
    categories = PRODUCT_CATEGORIES[row.file]
    if row["category"] not in categories:
        yield row.problem("category", f"no such category; use one of {'; '.join(sorted(categories))}")
    schemes = schemes_in(country)
    if scheme_of(row["programme"]) not in schemes:
        known = [programme for programme, code in SCHEME_OF_PROGRAMME.items() if code in schemes]
        words = f"no such programme; use one of {'; '.join(known)}, with the edition in brackets behind it"
        yield row.problem("programme", words)


def _one_edition(rows: Iterable[Row]) -> Iterator[Problem]:
    first: dict[str | None, Row] = {}
    for row in rows:
        known = first.setdefault(scheme_of(row["programme"]), row)
        if known["programme"] != row["programme"]:
            yield row.problem("programme", f"another edition than in line {known.line}; keep one of the two")


def _named_place(row: Row, *, column: str, code: str, regions: Regions) -> Iterator[Problem]:
    name = regions[code]["name"] if code in regions else ""
    if row[column] != name:
        yield row.problem(column, f"the code stands for {name or 'no such place'}; correct name or code")


def _check_odop(rows: list[Row], regions: Regions) -> Iterator[Problem]:
    yield from _once(
        rows, "product", lambda row: (row["region_code"], scheme_of(row["programme"]), folded(row["product"]))
    )
    yield from _one_edition(rows)
    for row in rows:
        yield from _check_product(row, "IN")
        region = regions.get(row["region_code"])
        if region is None or region["level"] != "district":
            yield row.problem("region_code", "not a district of regions.csv; correct the code")
            continue
        yield from _named_place(row, column="district", code=row["region_code"], regions=regions)
        yield from _named_place(row, column="state", code=region["parent_code"], regions=regions)


def _check_ogop(rows: list[Row], regions: Regions) -> Iterator[Problem]:
    yield from _once(
        rows, "product", lambda row: (row["region_code"], scheme_of(row["programme"]), folded(row["product"]))
    )
    yield from _one_edition(rows)
    for row in rows:
        yield from _check_product(row, "BT")
        if not _YEAR.fullmatch(row["year_of_source"]):
            yield row.problem("year_of_source", "not a year; four digits or nothing")
        code = row["region_code"]
        region = regions.get(code)
        if not code:
            for column in ("gewog", "dzongkhag"):
                if row[column]:
                    yield row.problem(column, "a place without its code; fill in region_code")
        elif region is None or region["level"] not in ("gewog", "dzongkhag"):
            yield row.problem("region_code", "not a gewog or dzongkhag of regions.csv; correct the code")
        else:
            is_gewog = region["level"] == "gewog"
            dzongkhag = region["parent_code"] if is_gewog else code
            yield from _named_place(row, column="gewog", code=code if is_gewog else "", regions=regions)
            yield from _named_place(row, column="dzongkhag", code=dzongkhag, regions=regions)


def _check_gi(rows: list[Row], regions: Regions) -> Iterator[Problem]:
    numbered = [row for row in rows if row["gi_serial"]]
    unnumbered = [row for row in rows if not row["gi_serial"]]
    applied = [row for row in rows if row["application_number"]]
    yield from _once(numbered, "gi_serial", lambda row: row["gi_serial"])
    yield from _once(unnumbered, "name", lambda row: (row["country"], row["name"], row["class"]))
    yield from _once(applied, "application_number", lambda row: row["application_number"])
    for row in rows:
        yield from _filled(row, "name", "status", "source")
        if not re.fullmatch(r"[A-Z]{2}", row["country"]):
            yield row.problem("country", "not an ISO 3166 code of two capitals")
        if not re.fullmatch(r"([1-9]\d{0,5})?", row["gi_serial"]):
            yield row.problem("gi_serial", "not a serial number")
        if row["class"] not in GOODS_CLASSES:
            yield row.problem("class", f"no such class; use one of {', '.join(sorted(GOODS_CLASSES))}")
        if not _YEAR.fullmatch(row["year"]):
            yield row.problem("year", "not a year; four digits or nothing")
        codes = place_codes(row)
        for code in codes:
            if code not in regions or code.partition("-")[0] != row["country"]:
                yield row.problem("region_codes", f"{code} is no place of {row['country']} in regions.csv")
        if row["country"] == "IN" and not codes:
            yield row.problem("region_codes", "empty; a GI of India belongs to a state at least")
