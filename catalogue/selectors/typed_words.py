"""What somebody means who types words: other words for the same, places by their other names, words written nearly right."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q

from catalogue.models import SearchWord
from regions.domain.search_words import PASSED_OVER
from regions.domain.typed import Term, cleaned, terms

# How like one word must be to be taken for another, 0 to 1 by letters, and by how many letters longer or shorter.
_LIKENESS_OF_LETTERS = 0.7
_LIKENESS_BEGUN_OTHERWISE = 0.8
_MOST_LETTERS_MORE = 2
_SHORTEST = 3
_SHORTEST_TYPED = 4
_SHORTEST_JOINED = 6
_LONGEST_NAME = 4
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*")
_MARKED = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<held>[^"]*)"|(?P<word>(?<=-)\S+))')
# For each typed word those of the index that are most like it by trigrams, which know nothing of the order of letters.
_NEAREST = """
SELECT typed.word, near.word, near.uses
FROM unnest(%s::text[]) AS typed(word)
CROSS JOIN LATERAL (SELECT word, uses FROM {words} ORDER BY word <-> typed.word LIMIT 12) AS near
"""
# By name, name in the local script, code or other name.
_PLACES = """
WITH named AS (
    SELECT lower(name) AS word, id FROM regions_region
    UNION SELECT local_name, id FROM regions_region
    UNION SELECT lower(code), id FROM regions_region
    UNION SELECT lower(alias), region_id FROM regions_regionalias
)
SELECT DISTINCT named.word, lower(place.name) FROM named JOIN regions_region AS place USING (id)
WHERE named.word = ANY(%(words)s) AND place.ended_on IS NULL
"""


@dataclass(frozen=True)
class Asked:
    """What to look for. terms: all must be said; without: none may. places: which of the terms name a place, by position.

    uses: in how many listings on sale a term is said at most, by position; 0 for what none says.
    """

    text: str
    terms: Sequence[Term] = ()
    without: Sequence[Term] = ()
    places: frozenset[int] = frozenset()
    uses: Sequence[int] = field(default=())

    def __bool__(self) -> bool:
        """Whether anything must be said."""
        return bool(self.terms)

    def only(self, kept: Iterable[int]) -> "Asked":
        """The same with some of the terms alone."""
        places = sorted(kept)
        return replace(
            self,
            text=" ".join(self.terms[place].forms[0] for place in places),
            terms=[self.terms[place] for place in places],
            uses=[self.uses[place] for place in places],
            places=frozenset(new for new, old in enumerate(places) if old in self.places),
        )

    def said(self, *, is_unfinished: bool = False) -> SearchQuery:
        """What matches a listing that says all terms anywhere. is_unfinished: the last may be the beginning of a word."""
        last = len(self.terms) - 1 if is_unfinished else -1
        parts = [
            _any_of((*term.forms, *term.others), begun=place == last) for place, term in enumerate(self.terms)
        ]
        return self._query(parts)

    def said_in_title(self, *, very_words: bool) -> SearchQuery:
        """The same in the title, where names of places may stand in the names instead. very_words: not other words for it."""
        parts = []
        for place, term in enumerate(self.terms):
            forms = term.forms if very_words else (*term.forms, *term.others)
            parts.append(_any_of(forms, weight="AB" if place in self.places else "A"))
        return self._query(parts)

    def said_in_names(self) -> SearchQuery:
        """The same in title and names."""
        return self._query([_any_of((*term.forms, *term.others), weight="AB") for term in self.terms])

    def denied(self) -> SearchQuery | None:
        """What matches a listing that says what must not be said."""
        if not self.without:
            return None
        return SearchQuery(
            " | ".join(_any_of(term.forms) for term in self.without), config="simple", search_type="raw"
        )

    def _query(self, parts: Sequence[str]) -> SearchQuery:
        return SearchQuery(" & ".join(parts), config="simple", search_type="raw")


def asked_for(text: str) -> Asked:
    """What the text asks for, with what listings and places call it; false where nothing was typed. Two queries.

    Quotation marks hold words together as they stand, a minus takes words out.
    """
    letters = cleaned(text)
    held, without = _marked(letters)
    loose = terms(_MARKED.sub(" ", letters)) if held or without else terms(letters)
    heard, uses = _with_words(loose)
    found, places, uses = _with_places(letters, heard, uses)
    return Asked(
        letters,
        (*found, *held),
        without,
        places,
        (*uses, *(1 for _term in held)),
    )


def nearly(asked: Asked, *, is_unfinished: bool = False) -> Asked | None:
    """The same with words that no listing says put right as far as they can be; None when that changes nothing.

    is_unfinished: the last word may be the beginning of one. At most four queries.
    """
    doubtful = [
        term.typed
        for term, uses in zip(asked.terms, asked.uses, strict=True)
        if not uses and not term.others and len(term.typed) >= _SHORTEST_TYPED and " " not in term.typed
    ]
    if not doubtful:
        return None
    begun = asked.terms[-1].typed if is_unfinished else ""
    right = {**_parted(doubtful), **_like(doubtful, begun=begun)}
    if not right:
        return None
    words = [right.get(term.typed, term.forms[0]) for term in asked.terms]
    return replace(asked_for(" ".join(words)), without=asked.without)


def fewer(asked: Asked) -> list[Asked]:
    """What to look for where nothing says all: without what no listing says, then without the commonest words.

    At most two; none where what is left would tell nothing.
    """
    said = [place for place, uses in enumerate(asked.uses) if uses and not _is_number(asked.terms[place])]
    rarest = sorted(said, key=lambda place: (place in asked.places, asked.uses[place]))
    choices = [said, rarest[:1]]
    found = [asked.only(kept) for kept in choices if kept and len(kept) < len(asked.terms)]
    return [
        each for number, each in enumerate(found) if each.text not in {one.text for one in found[:number]}
    ]


def _is_number(term: Term) -> bool:
    return term.typed.isdigit()


def _marked(text: str) -> tuple[list[Term], list[Term]]:
    """Words held together by quotation marks, and those that a minus takes out."""
    held: list[Term] = []
    without: list[Term] = []
    for part in _MARKED.finditer(text):
        word = " ".join(re.findall(r"\w+", (part["held"] or part["word"] or "").lower()))
        is_out = bool(part["minus"]) or bool(part["word"])
        if word:
            (without if is_out else held).append(Term(word))
    return held, without


def _with_places(
    text: str, typed: Sequence[Term], uses: Sequence[int]
) -> tuple[list[Term], frozenset[int], list[int]]:
    """The terms with those put into one that name a place, under the name that its listings bear. One query."""
    spans = {
        (start, end): _called(typed[start:end])
        for start in range(len(typed))
        for end in range(start + 1, min(start + _LONGEST_NAME, len(typed)) + 1)
    }
    names = _names_of_places({name for called in spans.values() for name in called}, text)
    if _CODE.fullmatch(text.upper()) and (whole := names.get(text.lower())):
        return [Term(text.lower(), tuple(whole))], frozenset({0}), [1]
    found: list[Term] = []
    counts: list[int] = []
    places: set[int] = set()
    start = 0
    while start < len(typed):
        end, own = start + 1, []
        for longer in range(min(start + _LONGEST_NAME, len(typed)), start, -1):
            own = [name for called in spans[start, longer] for name in names.get(called, ())]
            if own:
                places.add(len(found))
                end = longer
                break
        if own:
            found.append(
                Term(
                    spans[start, end][0],
                    tuple(dict.fromkeys((*own, *typed[start].own)) if end == start + 1 else own),
                )
            )
            counts.append(max(uses[start:end]))
        else:
            found.append(typed[start])
            counts.append(uses[start])
        start = end
    return found, frozenset(places), counts


def _called(span: Sequence[Term]) -> tuple[str, ...]:
    """What the terms may be called beside each other."""
    if len(span) == 1:
        return span[0].forms
    return (" ".join(term.typed for term in span),) if all(term.typed for term in span) else ()


def _names_of_places(words: set[str], text: str) -> Mapping[str, list[str]]:
    """Names of the places that are called so in any way, by the words; the code of a place is a name of it."""
    code = text.lower() if _CODE.fullmatch(text.upper()) else ""
    wanted = [word for word in {*words, code} if len(word) > 1]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"words": wanted})
        found: dict[str, list[str]] = {}
        for word, name in cursor.fetchall():
            found.setdefault(word, []).append(name)
    return found


def _with_words(typed: Sequence[Term]) -> tuple[list[Term], list[int]]:
    """The terms with words of listings that sound the same, and in how many listings each is said. One query."""
    forms = {word for term in typed for form in (*term.forms, *term.others) for word in form.split()}
    sounds = {heard for term in typed for heard in term.sounds}
    skeletons = {bone for term in typed for bone in term.bones}
    rows = list(
        SearchWord.objects.filter(
            Q(word__in=forms) | Q(sound__in=sounds) | Q(bones__in=skeletons)
        ).values_list("word", "sound", "bones", "uses")
    )
    uses = {word: count for word, _sound, _bones, count in rows}
    found, counts = [], []
    for term in typed:
        own: list[str] = []
        is_said = uses.get(term.typed)
        # Who writes in Hindi finds what says it in Latin letters too, though other listings are translated.
        if not is_said or not term.typed.isascii():
            own = [word for word, heard, _bones, _uses in rows if heard in term.sounds and word != term.typed]
        if not is_said:
            own = own or [word for word, _sound, bone, _uses in rows if bone in term.bones]
        better = replace(term, own=tuple(dict.fromkeys((*term.own, *own))))
        found.append(better)
        said = max((_uses_of(form, uses) for form in better.forms), default=0)
        counts.append(said or max((_uses_of(form, uses) for form in better.others), default=0))
    return found, counts


def _uses_of(form: str, uses: Mapping[str, int]) -> int:
    return min((uses.get(word, 0) for word in re.findall(r"[^\W_]+", form)), default=0)


def _like(doubtful: Sequence[str], *, begun: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST.format(words=SearchWord._meta.db_table), [list(doubtful)])
        near: Sequence[tuple[str, str, int]] = cursor.fetchall()
    best: dict[str, tuple[float, int, str]] = {}
    for word, other, uses in near:
        compared = other[: len(word) + 1] if word == begun else other
        if other in PASSED_OVER or abs(len(word) - len(compared)) > _MOST_LETTERS_MORE:
            continue
        likeness = SequenceMatcher(None, word, compared, autojunk=False).ratio()
        if likeness >= (_LIKENESS_OF_LETTERS if word[0] == other[0] else _LIKENESS_BEGUN_OTHERWISE):
            best[word] = max(best.get(word, (0.0, 0, "")), (likeness, uses, other))
    return {word: other for word, (_likeness, _uses, other) in best.items()}


def _parted(doubtful: Sequence[str]) -> dict[str, str]:
    """Words that were typed without the space between them: "saffronhoney". One query."""
    pairs = {
        (word[:cut], word[cut:]): word
        for word in doubtful
        if len(word) >= _SHORTEST_JOINED
        for cut in range(_SHORTEST, len(word) - _SHORTEST + 1)
    }
    if not pairs:
        return {}
    halves = {half for pair in pairs for half in pair}
    known = set(SearchWord.objects.filter(word__in=halves).values_list("word", flat=True))
    return {word: " ".join(pair) for pair, word in pairs.items() if set(pair) <= known}


def _any_of(forms: Iterable[str], *, weight: str = "", begun: bool = False) -> str:
    """What to_tsquery reads: any of these words or phrases. weight: letters of the parts where it may stand."""
    marks = f":{weight}" if weight else ""
    quoted = [f"'{letters}'" for letters in dict.fromkeys(map(_letters, forms)) if letters]
    parts = [f"{word}{marks}" for word in quoted]
    if begun and quoted:
        parts.append(f"{quoted[0]}:*{weight}")
    return f"({' | '.join(parts)})"


def _letters(form: str) -> str:
    # Signs part words for PostgreSQL too; of nothing but signs nothing is left to look for.
    return re.sub(r"[^\w\u0900-\u0dff\u0e00-\u0fff]+", " ", form).strip()
