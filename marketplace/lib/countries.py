"""Names of countries in the languages of the pages."""

from babel import Locale
from django.utils.translation import get_language

# English pages write the names as the table of countries has them.
_OF_THE_TABLE = "en"


def country_name(code: str, written: str) -> str:
    """Name of a country in the language that is read, as CLDR has it.

    code: of ISO 3166-1, two letters; written: its name in the table of countries, for English and where CLDR has none.
    """
    language = get_language() or _OF_THE_TABLE
    if language == _OF_THE_TABLE:
        return written
    return str(Locale.parse(language, sep="-").territories.get(code, written))
