"""The words of a picture: its caption, and who made it."""

from __future__ import annotations

import re

from radiotui.text import clean

_LEAD_IN = re.compile(
    r"^(?:(?:image|photo(?:graph)?|picture|illustration|video|lead photo)?\s*"
    r"(?:credits?|source|courtesy)\s*:\s*"
    r"|(?:photo(?:graph)?s?|images?|pictures?|illustrations?)\s*(?:by\b|:)\s*:?\s*"
    r"|by\s+(?=[A-Z])|(?:©|\(c\)|copyright\b)\s*)+",
    re.IGNORECASE,
)
_BUTTONS = re.compile(r"\s*(?:hide caption|toggle caption|enlarge this image)\s*", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:^|(?<=[.!?\"”’)])\s+|\s*[(\[|]\s*|\s[—–-]\s)"
    r"((?:(?:image|photo|picture|illustration)\s*credits?\s*:|credits?\s*:"
    r"|(?:photo(?:graph)?|picture|illustration)\s+(?:by\b|:)|photo\s*:|image\s*:|©)"
    r"\s*[^()\[\]]{2,120}?)[)\]]?\.?$",
    re.IGNORECASE,
)
_AGENCIES = re.compile(
    r"\s*\(([^()]{0,100}\b(?:AP|AFP|EPA|Reuters|Getty|NPR|Shutterstock|Courtesy)\b[^()]{0,60})\)$"
)


def credit_of(text: str) -> str:
    """A credit without what introduces it: "Photo by Ann Lee/AP" is "Ann Lee / AP"."""
    credit = _BUTTONS.sub(" ", clean(text, 300)).strip(" .|,;")
    if credit[:1] in "([" and credit[-1:] in ")]":
        credit = credit[1:-1].strip()
    credit = _LEAD_IN.sub("", credit).strip(" .|,;:")
    if "://" not in credit:
        credit = re.sub(r"\s*[/|]\s*", " / ", credit).strip(" /")
    return credit


def is_credit(text: str) -> bool:
    """Test for a line that is a credit and nothing else: "(Image credit: Ann Lee/AP)"."""
    credit = clean(text, 200).strip("()[] ")
    begins = _LEAD_IN.match(credit)
    return bool(begins) and len(credit) <= 120 and not re.search(r"[.!?]\s+\w", credit)


def caption_and_credit(text: str) -> tuple[str, str]:
    """A caption that ends with its credit, in two."""
    caption = _BUTTONS.sub(" ", text).strip()
    for pattern in (_NAMED, _AGENCIES):
        match = pattern.search(caption)
        if match:
            return caption[: match.start()].rstrip(" |—–-"), credit_of(match[1])
    return caption, ""


def joined(credits_found: list[str]) -> str:
    """Name and agency as one line, each once."""
    out: list[str] = []
    for credit in filter(None, map(credit_of, credits_found)):
        if not any(credit in listed for listed in out):
            out = [listed for listed in out if listed not in credit]
            out.append(credit)
    return clean(" / ".join(out), 300)
