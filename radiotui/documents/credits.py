"""The words of a picture: its caption, and who made it."""

from __future__ import annotations

import re

from radiotui.text import clean

_LABELS = (
    r"photo(?:graph)?s?|photography|images?|pictures?|illustrations?|lead photo|file photo|file"
    r"|copyright|fot[oó]s?|archivfoto|titelbild|bild(?:er|rechte)?|grafik|fotografie|fotograf(?:in)?"
    r"|cr[ée]dits? ?photos?|photos? d'illustration|fotograf[ií]as?|fot|im[aá]gen(?:es)?|immagin[ei]"
    r"|imagem|imagens|beeld|bilde|bilder|billede|kuva|zdj[eę]cie|foto[gğ]raf"
    r"|фото(?:графия)?|写真|撮影|图片|图|摄影|圖|사진"
)
_MAKERS = (
    r"credits?|sources?|courtesy|rights|quellen?|bildquelle|bildnachweis|rechte|urheber|nachweis"
    r"|cr[ée]ditos?|crediti|fuente|fonte|bron|k[äa]lla|kilde|l[äa]hde|[zź]r[oó]d[lł]o|zdroj|kaynak"
    r"|source de l'image|divulga[çc][aã]o|cortes[ií]a|источник|来源|來源|提供|出典|출처|자료"
)
_LABEL = (
    rf"(?:(?:{_LABELS})[\s/]*(?:{_MAKERS})?|(?:video|map|chart|art|graphics?)\s+(?:{_MAKERS})|(?:{_MAKERS})(?:\s+(?:{_LABELS}))?)"
    r"(?:\s*[(（][^()（）]{1,20}[)）])?"
)
_BY = r"by|von|par|de|di|do|van|av|af"
_LEAD_IN = re.compile(
    rf"^(?:{_LABEL}\s*\.?\s*[:：]\s*|(?:image|photo|picture|video) (?:source|credit|copyright),\s*"
    rf"|(?:photo(?:graph)?s?|images?|pictures?|illustrations?|video|art(?:work)?|fotos?)\s*by\b\s*:?\s*"
    r"|credits?\s*(?:\.{3}|…)\s*|(?:photo|image|picture|foto|bild)s?\s+via\s+|фото\s+(?=@)"
    r"|by\s+(?=[A-Z])|fot\.\s*|(?:©|ⓒ|\(c\)|copyright\b)\s*)+",
    re.IGNORECASE,
)
_OF_A_CAPTION = re.compile(
    r"^(?:(?:image|photo|picture|video)\s+caption|caption|l[ée]gende|bildunterschrift|bildtext"
    r"|pie de (?:foto|imagen)|didascalia|legenda|bildlegende|bijschrift)\s*[:,]\s*",
    re.IGNORECASE,
)
_BUTTONS = re.compile(
    r"\s*(?:hide caption|toggle caption|enlarge this image|open (?:image )?in (?:full|new)\s?\w*"
    r"|(?:click|tap) to enlarge|view full ?screen|bild vergr[öo][ßs]+ern"
    r"|^(?:(?:image|photo|picture|slide|bild|foto)\s*)?\d{1,3}\s?(?:of|von|de|sur|di|/)\s?\d{1,3}(?!\d)[.:]?)\s*",
    re.IGNORECASE,
)

_AGENCY = (
    r"(?:\b(?:AP|AFP|EPA|EFE|NPR|PBS|BBC|CNN|DPA|dpa|APA|ANP|AAP|PTI|ANI|ANSA|NTB|TT|PAP|MTI|ČTK"
    r"|TASS|ТАСС|Ansa|SWNS|NASA|NOAA|ESA|TNS|MCT|GTRES|ZUMA|REX|USGS|CC[ -]BY\S*"
    r"|PA(?=\s*(?:Media|Wire|Images|Archive|$|[/)]))"
    r"|KEYSTONE|Keystone|DDP|ddp|REUTERS|Reuters|reuters|Xinhua|XINHUA|Kyodo|Yonhap|Sputnik|IRNA"
    r"|Lusa|LUSA|LaPresse|Belga|BELGA|Anadolu|Handout|HANDOUT|Courtesy|[Cc]ourtesy of)\b"
    r"|(?i:getty(?:\s?images)?|shutterstock|alamy|i?stock(?:photo)?\b|adobe stock|picture alliance"
    r"|imago(?: images)?\b|bloomberg|corbis|unsplash|pexels|pixabay|flickr|wikimedia|wikipedia"
    r"|creative commons|public domain|depositphotos|dreamstime|wireimage|filmmagic|sipa\b"
    r"|magnum photos|redux\b|polaris\b|nurphoto|abaca\b|hans lucas|icon sportswire|usa today"
    r"|tribune news|associated press|agence france|press association|canadian press|europa press"
    r"|scanpix|ritzau"
    r"|lehtikuva|photofest|everett collection|eyevine|backgrid|splash news|ria novosti|kommersant"
    r"|ag[eê]ncia\b|presseportal|public (?:radio|media|broadcasting)))"
)
_STATION = (
    r"\b[KW][A-Z]{2,3}(?:[ -](?:FM|AM|TV))?\b(?:\s+(?:News|Public\s+\w+|Radio|\d{1,3}(?:\.\d)?))*"
)
_CAPITAL = r"(?:[^\W\d_a-z]|[dlO]['’](?=[A-Z]))[\w.’'&@-]*"
_PARTICLE = (
    r"(?:de|del|della|di|da|dos|van|von|der|den|la|le|el|al|bin|the|of|and|und|et|y|e|for|für|via"
    r"|on|photo|images?)"
)
_NAMES = rf"@?{_CAPITAL}(?:,?\s+(?:{_PARTICLE}\s+){{0,3}}{_CAPITAL}){{0,5}}"
_ENDING = r"(?:,?\s*(?:[Ff]ile|FILE|[Aa]rchiv\w*|[Pp]ool|(?:19|20)\d\d))?"
_SLASHED = re.compile(
    rf"(?:[Cc]ourtesy of )?{_NAMES}(?:\s*[/|]\s*(?:[Cc]ourtesy (?:of )?|via )?{_NAMES}"
    rf"(?:\s+via\s+{_NAMES})?){{1,4}}{_ENDING}"
)
_OF_AN_AGENCY = re.compile(
    rf"(?:{_NAMES}(?:\s*[,/|]\s*|\s+(?:for|via|of|on|-|–)\s+|\s+))?"
    rf"(?:{_NAMES}\s+(?:for|via|on)\s+)?(?:the\s+|The\s+|@)?(?:{_AGENCY}|{_STATION})"
    rf"(?:(?:\s*[/|,-]\s*|\s+)(?:[Pp]hotos?|[Ii]mages?|[Cc]ommons|[Cc]ollection|[Aa]rchives?|[Ff]ile|via|on|for|{_CAPITAL})){{0,6}}{_ENDING}"
)
_BRACKETED = re.compile(r"\s*[(\[]([^()\[\]]{2,160})[)\]]\.?$")
_BEHIND = re.compile(r"(?:(?<=[.!?\"”’»)…])\s*(?:/\s*)?|\s*[|•·]\s*|\s+[—–-]\s+|\n\s*)(?=\S)")
_NAMED = re.compile(
    rf"(?:^|(?<=[.!?\"”’»)…])\s*|\s*[(\[|•·]\s*|\s+[—–-]\s+|(?<=[a-zß-ÿ])(?=[A-ZФ])|\s+(?=©|ⓒ))"
    rf"((?:{_LABEL}\s*(?:\.?\s*[:：])|[Ff]ot\.|(?:photo(?:graph)?s?|picture|image|illustration|video|foto)\s+(?:by\b|:)"
    rf"|(?:photo|image)\s+courtesy(?:\s+of)?\b|©|ⓒ|\([cC]\)\s|credits?\s*(?:\.{{3}}|…)|фото\s+(?=@))"
    r"\s*[^()\[\]\n]{2,120}?(?:\([^()]{1,40}\))?)[)\]]?\.?$",
    re.IGNORECASE,
)
_IN_CAPITALS = re.compile(r"[^\W\d_a-zß-ÿ]{2,}(?:[ .’'-]{1,2}[^\W\d_a-zß-ÿ]{1,}){1,3}")
"""A photographer's name as Spanish and French papers write it behind a sentence."""
_SUBMITTED = re.compile(
    r"\s+((?:submitted|contributed|provided|courtesy) photos?)\.?$", re.IGNORECASE
)
_OF_A_PICTURE = re.compile(
    r"(?:lead |file )?(?:photo|image|picture|foto|bild|photograph|illustration)s?\s*:\s*",
    re.IGNORECASE,
)
_A_SENTENCE = re.compile(r"(?:\b[a-zß-ÿ]{2,}\b[ ,]+){4}")
_MOST_ENDS = 40
_LONGEST_CREDIT = 140
_SENTENCE = re.compile(r"[a-z]{3}[.!?]\s+[^\W\d_a-z]")


def credit_of(text: str) -> str:
    """A credit without what introduces it: "Photo by Ann Lee/AP" is "Ann Lee / AP"."""
    credit = _BUTTONS.sub(" ", clean(text, 300)).strip(" .|,;•·—–-")
    if credit[:1] in "([" and credit[-1:] in ")]":
        credit = credit[1:-1].strip()
    credit = _LEAD_IN.sub("", credit).strip(" .|,;:")
    if "://" not in credit:
        credit = re.sub(r"\s*[/|]\s*", " / ", credit).strip(" /")
    return credit


def is_credit(text: str) -> bool:
    """Test for a line that is a credit and nothing else: "(Image credit: Ann Lee/AP)"."""
    credit = _BUTTONS.sub(" ", clean(text, 200)).strip()
    if not _LEAD_IN.match(credit):
        credit = credit.strip("()[] ")
    if len(credit) > _LONGEST_CREDIT:
        return False
    if (label := _OF_A_PICTURE.match(credit)) and _A_SENTENCE.search(credit, label.end()):
        # "File photo: traders work on the floor".
        return False
    if _LEAD_IN.match(credit):
        return len(credit) <= 120 and not re.search(r"[.!?]\s+\w", credit)
    return names_its_maker(credit)


def names_its_maker(text: str) -> bool:
    """Test for photographer and agency without a word before them: "Ann Lee/AFP via Getty"."""
    credit = text.strip(" .,|—–-")
    if not 2 <= len(credit) <= _LONGEST_CREDIT or _SENTENCE.search(credit):
        return False
    if _OF_AN_AGENCY.fullmatch(credit):
        return True
    # Two towns are no photographer and no agency.
    of_people = len(credit.split()) > 2 or re.search(r"\b[A-Z]{2,}\b", credit)
    return bool(of_people and _SLASHED.fullmatch(credit))


def caption_and_credit(text: str) -> tuple[str, str]:
    """A caption and its credit, in two: it ends with the credit, or is nothing else."""
    caption = _OF_A_CAPTION.sub("", _BUTTONS.sub(" ", text).strip())
    if is_credit(caption):
        credit = credit_of(caption)
        return ("", credit) if credit else (caption, "")
    ends = (_labelled(caption), _in_brackets(caption), _at_the_end(caption), _submitted(caption))
    for begin, credit in ends:
        if credit:
            return caption[:begin].rstrip(" |—–-•·\n"), credit_of(credit)
    return caption, ""


def _ends_with_maker(words: str) -> bool:
    """Test the end of a caption for its maker: there, a name in capitals is a photographer's."""
    return names_its_maker(words) or bool(_IN_CAPITALS.fullmatch(words.strip(" .")))


def without_credit(caption: str, credit: str) -> str:
    """A caption without the credit that stands before or behind it, too."""
    for written in (credit, credit.replace(" / ", "/")):
        if written and caption.startswith(f"{written} "):
            return caption[len(written) :].lstrip(" :|,–-")
        if written and caption.endswith(written):
            return caption[: -len(written)].rstrip(" (|–-")
    return caption


def joined(credits_found: list[str]) -> str:
    """Name and agency as one line, each once."""
    out: list[str] = []
    for credit in filter(None, map(credit_of, credits_found)):
        if not any(credit in listed for listed in out):
            out = [listed for listed in out if listed not in credit]
            out.append(credit)
    return clean(" / ".join(out), 300)


def _labelled(caption: str) -> tuple[int, str]:
    match = _NAMED.search(caption)
    if match is None or (
        (label := _OF_A_PICTURE.match(match[1])) and _A_SENTENCE.search(match[1], label.end())
    ):
        return 0, ""
    return match.start(), match[1]


def _submitted(caption: str) -> tuple[int, str]:
    match = _SUBMITTED.search(caption)
    return (match.start(), match[1]) if match else (0, "")


def _in_brackets(caption: str) -> tuple[int, str]:
    match = _BRACKETED.search(caption)
    return (match.start(), match[1]) if match and _ends_with_maker(match[1]) else (0, "")


def _at_the_end(caption: str) -> tuple[int, str]:
    """The last words after a sentence or a line, where they name a maker."""
    tail = max(0, len(caption) - _LONGEST_CREDIT)
    ends = [match for match in _BEHIND.finditer(caption, tail) if match.start()]
    for match in ends[-_MOST_ENDS:]:
        if _ends_with_maker(caption[match.end() :]):
            return match.start(), caption[match.end() :]
    return 0, ""
