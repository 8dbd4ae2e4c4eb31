"""Names of an article's authors, out of the lines that pages write them in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from radiotui.articles.prose import bare
from radiotui.text import clean, shorten

_BY = re.compile(
    r"^\W*(?:(?:(?:view|see|read|show)\s+)?(?:all\s+)?(?:more\s+)?(?:posts?|articles?|stories)\s+by"
    r"|(?:view|see|read|show)\s+(?:all|more)\s+(?:by|from)"
    r"|(?:zeige\s+)?alle\s+beitr[äa]ge\s+(?:von|des)"
    r"|voir\s+tous\s+les\s+articles\s+(?:de|par)|ver\s+tod[ao]s\s+(?:las\s+entradas"
    r"|los\s+art[ií]culos)\s+de"
    r"|vedi\s+tutti\s+gli\s+articoli\s+di|ver\s+todos\s+os\s+posts\s+de|alle\s+berichten\s+(?:van"
    r"|door)"
    r"|(?:(?:words|story|text|report|article|posted|written|reported|published|reviewed|updated"
    r"|photography|analysis|opinion)(?:\s+and\s+\w+)?\s+)?by|from|par|por|door"
    # "Von Max Ernst" is by him, "von Ernst" is a name.
    r"|(?:von|af|av|di)(?=\s+(?!(?:der|den|dem)\b)\S+\s+\S)"
    r"|(?:text|autor(?:in|a|es)?|auteure?s?|autore|redak(?:tion|tør)|author|writer"
    r"|reporter)(?=\s*:)"
    r"|authors?|writers?|reporters?|oleh)(?![\w’'-])[\s:]*|^\W*(?:текст|автор|作者|記者|记者|文"
    r"|글)\s*[:：/／]\s*",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:jan|feb|fev|fév|mar|mär|mrz|apr|avr|abr|mai|maj|may|mag|jun|giu|juin|jul|lug|juil|aug"
    r"|aou|aoû"
    r"|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic)[^\W\d_]{0,8}\.?"
)
_TIME_BEGINS = re.compile(
    rf"(?:^|[\s,|·•–—(/-]+|(?<=[^\W\d_])(?=\d))"
    rf"(?:(?:on|am|vom|le|el|il|den|op|at|um)\s+)?(?:(?:mon|tue|wed|thu|fri|sat"
    rf"|sun)[a-z]*\.?,?\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[.\s]{{1,2}}(?:de\s+)?{_MONTHS}\b|{_MONTHS}\s+\d{{1,2}}(?:st"
    rf"|nd|rd|th)?\b"
    rf"|{_MONTHS}\s+(?:19|20)\d\d|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}[:.]\d\d(?!\d)"
    r"|(?:19|20)\d\d\b|\d+\s+(?:min|hour|day|week|month|year|std|stunde|tag|minute|heure|jour)"
    r"|(?<!usa )today\b|yesterday\b|heute\b|gestern\b|hier\b|just now|last (?:updated|modified)"
    r"|(?:first\s+)?published\b|updated\b|posted\b|veröffentlicht\b|aktualisiert\b|publié\b"
    r"|mis à jour\b|publicado\b|actualizado\b|pubblicato\b|modified\b"
    r"|\d+\s*(?:comment|kommentar|share|view))",
    re.IGNORECASE,
)
_OF_A_PAGE = re.compile(
    r"(?:[\s,|·•/-]+|^)(?:edit|print(?: this article)?|comments?|share|tweet|twitter|facebook|email"
    r"|e-mail|follow(?: (?:us|me|on \w+))?|linkedin|instagram|view (?:profile|bio|all posts)|bio"
    r"|profile|website|rss|save|contact|\d+)\s*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[<(\[]?\s*(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[>)\]]?|[(\[]\s*@\w+\s*[)\]]|(?<!\w)@\w+"
    r"|\S*(?:https?:|www\.)\S*",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*[|•·;]\s*|\s+[–—/-]\s+|\s*\n\s*")
_AND = re.compile(r"\s*(?:,\s*(?:and|und|et|y|&)?|\s(?:and|und|et|y|&))\s+")
_ROLE = re.compile(
    r"(?:(?:the|our|an?|chief|senior|junior|staff|deputy|assistant|associate|managing|executive"
    r"|special|foreign|political|business|sports?|science|health|news|digital|national|contributing"
    r"|guest|web|former|night|day|weekend|environment|education|economics?|world)\s+)*"
    r"(?:staff|reporter|correspondent|editor(?:-in-chief)?|writer|producer|host|columnist"
    r"|journalist"
    r"|contributor|author|anchor|critic|blogger|intern|fellow|photographer|redakteur(?:in)?"
    r"|korrespondent(?:in)?|r[ée]dact(?:eur|rice)|periodista|redactor[a]?|giornalista"
    r"|bureau chief)s?"
    r"(?:\s+(?:for|at|of|in)\s+.{1,60})?",
    re.IGNORECASE,
)
_AGENCIES = (
    r"(?:(?:the )?associated press|the canadian press|press association|agence france[- ]presse"
    r"|europa press|agencias?|agenzie?|agenturen|(?-i:AP|AFP|APA|ANSA|AAP|dpa|EFE|epd|IANS|PTI|PAP"
    r"|TASS|NTB|CNN(?: [A-Z]\w+)?|BBC(?: News| Sport)?|NPR)|Reuters|Bloomberg(?: News)?|NBC News"
    r"|CBS News|ABC News|Fox News|USA TODAY(?: Sports)?|the (?:guardian|new york times"
    r"|washington post|independent|conversation|athletic)|\S+\.(?:com|org|net|de|fr|es|it|nl"
    r"|co\.uk))"
)
_AGENCY = re.compile(_AGENCIES, re.IGNORECASE)
_OF_AN_AGENCY = re.compile(
    rf"\s*(?:[/(]\s*|,\s+|\s(?:for|avec|mit|con|with|from|of)\s+|\s)\(?(?:(?:avec|mit|con"
    rf"|with)\s+)?{_AGENCIES}\)?$",
    re.IGNORECASE,
)
_FOR_A_PAPER = re.compile(r"\s(?:[Ff]or|FOR)\s+(?:The\s+)?[A-Z][\w.&'’ -]{2,50}$")
_IN_A_TOWN = re.compile(
    r"\s(?:in|à|aus|en|from)\s+[^\W\d_a-z][\w’'-]+(?:\s[^\W\d_a-z][\w’'-]+){0,2}$"
)
_ROLE_BEHIND = re.compile(
    r"\s+(?:(?:news|sports?|chief|senior|staff|political|business|health|science|foreign|special"
    r"|deputy|associate"
    r"|digital|national|world|economics?|environment|education|technology|crime|culture|live"
    r"|breaking)\s+)*"
    r"(?:reporter|correspondent|editor|writer|producer|columnist|journalist|contributor|기자|記者"
    r"|记者)s?$",
    re.IGNORECASE,
)
_ENDS_AS_ROLE = re.compile(
    r"(?:^|\s)(?:reporter|correspondent|editor(?:-at-large|-in-chief)?|writer|producer|columnist"
    r"|journalist|contributor"
    r"|corresponsal|correspondant|redakteur(?:in)?|redacteur|korrespondent(?:in)?|staff)s?$",
    re.IGNORECASE,
)
_NEXT_SENTENCE = re.compile(r"(?<!Prof)(?<=\w{4})[.!]\s+.*$")
_NO_NAME = re.compile(
    r"(?:admin(?:istrator)?|editors?|staff|null|none|undefined|unknown|anonymous|guest|author|by"
    r"|webmaster|super ?user|user\d*|redaktion|redacción|redazione|rédaction)",
    re.IGNORECASE,
)
_STATION = re.compile(r"[A-Z]{2,5}(?: News)?")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_WORDS = 9
_SHORT_NAME = 5
_LONG_NAME = 8
"""Letters from which on a name that a site's begins with is the site's."""


def names(lines: Iterable[str]) -> str:
    """People as one line, without "By", roles, dates, and what is no name."""
    people: dict[str, str] = {}
    for line in lines:
        for name in _people_of(clean(line, 300)):
            people.setdefault(name.casefold(), name)
    # "Ann Lee News" is "Ann Lee", who is there, too.
    longer = [name for name in people if any(name.startswith(f"{other} ") for other in people)]
    all_names = [people[name] for name in people if name not in longer]
    persons = [name for name in all_names if not _AGENCY.fullmatch(name)]
    return shorten(", ".join(persons or all_names), 200)


def without_site(byline: str, site_names: Iterable[str]) -> str:
    """A byline without the site's own name, where it has people besides."""
    sites = [bare(name) for name in site_names if name]
    people = [name for name in byline.split(", ") if not _is_of_site(bare(name), sites)]
    return ", ".join(people) or byline


def _is_of_site(name: str, sites: Iterable[str]) -> bool:
    """Test for a site's name, also where the site's own is longer: that of an edition, a host."""
    longer = len(name) >= _LONG_NAME
    return any(name == site or (longer and site.startswith(name)) for site in sites)


def _people_of(line: str) -> list[str]:
    first = _first_part(_without_lead_in(_ADDRESS.sub(" ", line)))
    parts = [part for part in _AND.split(first) if part and not _ROLE.fullmatch(part)]
    parts = parts[:1] + [part for part in parts[1:] if not _stands_behind_names(part)]
    people = list(filter(None, map(_bare_name, parts)))
    while len(people) > 1 and _STATION.fullmatch(people[-1]) and " " in people[0]:
        people.pop()
    if len(people) > 1 and not all(" " in name for name in people):
        # "Lee, Ann" and "Bo & Sons" are one.
        people = [", ".join(people) if "," in first else _bare_name(first)]
    return [name for name in people if _is_name(name)]


def _stands_behind_names(part: str) -> bool:
    """Test for an agency or a role: "Ann Lee, AP Auto Writer"."""
    return bool(_AGENCY.fullmatch(part.strip()) or _ENDS_AS_ROLE.search(part.strip()))


def _first_part(line: str) -> str:
    """The names of a line that goes on with a date, counters or the site."""
    begin = _TIME_BEGINS.search(line)
    if begin:
        line = line[: begin.start()]
    parts = [part for part in map(str.strip, _APART.split(line)) if part]
    return next((part for part in parts if not _ROLE.fullmatch(part)), "")


def _without_lead_in(line: str) -> str:
    for _ in range(3):
        shorter = _BY.sub("", line)
        if shorter == line:
            break
        line = shorter
    return line


def _bare_name(part: str) -> str:
    for _ in range(4):
        shorter = _OF_A_PAGE.sub("", part)
        if shorter == part:
            break
        part = shorter
    name = " ".join(_without_lead_in(part).split()).strip(" ,|·•:;/–—-")
    for behind in (_NEXT_SENTENCE, _OF_AN_AGENCY, _FOR_A_PAPER, _IN_A_TOWN, _ROLE_BEHIND):
        shorter = behind.sub("", name)
        # A name has two words, or is written in letters of which each may be a word.
        if " " in shorter or (shorter and not shorter.isascii() and len(shorter) <= _SHORT_NAME):
            name = shorter
    return name


def _is_name(text: str) -> bool:
    return bool(
        _LETTER.search(text) and not _NO_NAME.fullmatch(text) and len(text.split()) <= _MOST_WORDS
    )
