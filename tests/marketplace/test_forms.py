"""Every form that is sent holds its token, wherever its part is included."""

import re
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates"
INCLUDED = re.compile(r'{%\s*include\s+"([^"]+)"([^%]*)%}')


def test_a_part_with_a_form_is_handed_the_token_where_it_is_handed_only_what_is_named():
    words = {file.relative_to(FOLDER).as_posix(): file.read_text() for file in FOLDER.rglob("*.html")}
    forms = {name for name, text in words.items() if "{% csrf_token %}" in text}
    # Without the token a browser is answered 403, and the client of the tests is not.
    without = [
        (name, part)
        for name, text in words.items()
        for part, values in INCLUDED.findall(text)
        if part in forms and values.split()[-1:] == ["only"] and "csrf_token=csrf_token" not in values
    ]
    assert forms
    assert not without
