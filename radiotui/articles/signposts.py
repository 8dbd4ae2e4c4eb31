"""Signposts: lines among a text's paragraphs that lead away from it, and datelines above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from radiotui.articles.account import note_left_out
from radiotui.articles.prose import bare
from radiotui.articles.story_lists import is_own
from radiotui.documents.model import (
    Block,
    Figure,
    Heading,
    ListBlock,
    Paragraph,
    Rule,
    Runs,
    block_text,
    runs_text,
)
from radiotui.text import count_words

_LABEL_ALONE = (
    r"related(?: (?:stor(?:y|ies)|articles?|coverage|content|links?|reading|news|posts?|topics?"
    r"|roundups?|videos?))?(?: (?:from|on|to) [^:]{1,60})?|(?:read|see|find|learn) (?:more|also"
    r"|next|on)"
    r"(?: (?:here|about|on|from|at|in) [^:]{1,60})?|also (?:read|see|on \S+)|more (?:stories|news"
    r"|coverage|from|on|about|great|in) ?[^:]{0,60}|don['’]t miss(?: (?:this|these|it))?"
    r"|explore further"
    r"|must[- ]read|recommended(?: (?:reading|stories|for you))?|you (?:may"
    r"|might) (?:also )?(?:like|enjoy)"
    r"(?: this)?|what to read next|read next|up next|in case you missed it|trending(?: now)?"
    r"|top stories"
    r"|most (?:read|popular|viewed)|latest (?:news|stories|headlines)|partner news|buyer['’]s guide"
    r"|(?:lesen|sehen|hören) sie (?:auch|mehr|hier|dazu|weiter)(?: \w+)?|mehr (?:zum thema|dazu"
    r"|lesen|infos?"
    r"|aus|zu) ?[^:]{0,60}|weiterlesen|auch interessant|das könnte sie (?:auch )?interessieren"
    r"|(?:mehr )?zum thema|passend dazu|(?:à )?lire (?:aussi|également|plus)|à lire|voir aussi"
    r"|à voir"
    r"|sur le même sujet|le[ae]r? (?:también|tambien|más)|te puede interesar|ver (?:también|más)"
    r"|más información|relacionad[ao]s?|le(?:ia|r) (?:também|mais)|ve(?:ja|r) (?:também|mais)"
    r"|saiba mais"
    r"|leggi (?:anche|di più)(?: su)?|vedi anche|ti potrebbe interessare|potrebbe interessarti"
    r"|per approfondire"
    r"|approfondisci|lees (?:ook|meer|verder)|bekijk ook|zie ook|läs (?:också|mer|även)"
    r"|les (?:også|mer|videre)"
    r"|læs (?:også|mere)|lue myös|(?:prze)?czytaj (?:także|też|więcej|również)|zobacz (?:także"
    r"|też|również|więcej)"
    r"|čtěte (?:také|více)|(?:читайте|смотрите) (?:также|ещё|еще)|по теме|関連記事"
    r"|あわせて読みたい|相关阅读|延伸閱讀|延伸阅读|관련 ?기사"
)
_OF_ONE_LINE = r"also|more|watch|listen|video|podcast|latest|link"
_LEAD_IN = r"[\W_]{0,4}"
_SIGN = re.compile(
    rf"{_LEAD_IN}(?:(?:{_LABEL_ALONE})(?![^\W_])\s*[:：|>»–-]?|(?:{_OF_ONE_LINE})\s*[:：])",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"{_LEAD_IN}(?:{_LABEL_ALONE}|more|also)[\W_]{{0,4}}", re.IGNORECASE)
_LONGEST_SIGN = 45
_LONGEST_LINK = 12
_MOSTLY = 0.6
_MOST_BELOW_A_LABEL = 8
_SHORT_LINE = 4
"""Words up to which a line of links may be anything."""

_CALL = re.compile(
    r"[\W_]{0,4}(?:please\s+)?(?:get|sign(?:ing)? up|subscribe|join|follow|download|click|tap|like"
    r"|support|donate|become|register|receive|stay|share|enjoy(?:ed|ing)?|have a|if you|do you"
    r"|want|keep up|listen to|you can|for more|abonnier\w*|folge\w*|melden sie|jetzt"
    r"|hol(?:en)? (?:sie|dir)|abonnez|inscrivez|suivez|recevez|suscr[ií]b\w*|síguenos|sigue"
    r"|recibe|únete|iscriviti|segui\w*|ricevi|assine|inscreva|siga|receba|participe|volg"
    r"|abonneer)\b",
    re.IGNORECASE,
)
_NETWORKS = (
    r"(?:facebook|twitter|instagram|youtube|telegram|whatsapp|tiktok|linkedin|google news|threads"
    r"|bluesky|mastodon)"
)
_OURS = re.compile(
    r"\bnewsletters?\b|\b(?:in|to|straight to) your (?:inbox|e-?mail)\b|\bright in your inbox\b"
    r"|\b(?:breaking|news|e-?mail)(?: news)? alerts?\b|\bour(?: \w+){0,4} app\b|\bshare it with\b"
    r"|\bclick(?:ing)? here\b.{0,60}\b(?:app|subscri\w+|sign up)\b|\bon the go by clicking\b"
    r"|\bclick here to subscribe\b|\bsubscri\w+ (?:to|of|for) (?:our|us|the (?:magazine|channel))\b"
    r"|\bdelivered (?:to your|weekday|through your)\b|\bdonat\w+ to (?:us|our)\b|\bboletín\b"
    r"|\binfolettre\b|\bnieuwsbrief\b|\byoutube channel\b"
    rf"|^[\W_]*(?:follow|like|join|find|folge\w*|suivez|sigue|síguenos|segui\w*|siga|volg)\b"
    rf".{{0,80}}?\b(?:on|auf|bei|sur|en|su|no|op)\b.{{0,20}}?\b{_NETWORKS}\b",
    re.IGNORECASE,
)
_OF_A_MAGAZINE = re.compile(
    r"\b(?:subscribe to|subscription (?:of|to)) our\b|\bsign up (?:to|for) our\b", re.IGNORECASE
)
_LONGEST_CALL = 45
_OF_A_BROWSER = re.compile(
    r"\bplease\b.{0,20}\b(?:enable|activate|turn on)\b.{0,20}\bjavascript\b"
    r"|\bthis (?:\w+ ){1,3}requires javascript\b"
    r"|\bjavascript (?:\w+ ){0,4}in (?:your|ihrem) browser\b"
    r"|\b(?:detected|using|on) internet explorer\b.{0,80}\bplease\b"
    r"|\byour browser (?:does not|doesn['’]t|is not)\b|\bihr browser\b.{0,20}\bnicht\b"
    r"|^(?:advertisement|anzeige|werbung|publicité|publicidade?|pubblicità|reklama?|advertentie)$",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 30
_BELOW_THE_TEXT = re.compile(
    r"[\W_]*(?:(?:leave a |post a |\d+ )?comments?|(?:view|show|join) (?:the )?(?:comments"
    r"|conversation|discussion)"
    r"|share(?: this)?(?: (?:article|story|post|on|via).{0,30})?|tags?|topics?|filed under.{0,80}"
    r"|kommentare|teilen"
    r"|themen|schlagw[oö]rte?r?|commentaires?|partager|comentarios?|compartir|etiquetas?"
    r"|coment[aá]rios?"
    r"|commenti|condividi|reacties|deel(?: dit)?.{0,20}|print|kommentarer"
    r"|tell us what you think)[\W_]*",
    re.IGNORECASE,
)

_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.|º)?\s+(?:de\s+"
    rf"|d['’])?[^\W\d_]{{3,11}}\.?,?\s+(?:de\s+)?{_YEAR}"
    rf"|[^\W\d_]{{3,11}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}"
    rf"|{_YEAR}[-./년]\s?\d{{1,2}}[-./월]\s?\d{{1,2}}"
    rf"|\d{{1,2}}[-./]\d{{1,2}}[-./](?:{_YEAR}|\d\d))"
)
_DATELINE = re.compile(_DATE)
_SMALL_WORD = re.compile(r"(?<![^\W_])[^\W\d_A-ZÀ-Þ][^\W\d_]*(?![^\W_])")
_BESIDE_A_DATE = {
    *("a", "ad", "alle", "am", "at", "az", "by", "de", "del", "el", "h", "il", "kl", "la", "las"),
    *(
        "le",
        "les",
        "los",
        "on",
        "op",
        "ore",
        "par",
        "pm",
        "por",
        "published",
        "uhr",
        "um",
        "updated",
    ),
    *("vom", "von", "à", "às"),
}
_MOST_SMALL_WORDS = 2
_FIELD = re.compile(r"[^\W\d_]:\s")
_LEAST_FIELDS = 2
"""Labels, as in "By: ... Category: ...", that a sentence has not."""
_LONGEST_DATELINE = 18
_MOST_LINES_ABOVE = 3
_READING_TIME = re.compile(
    r"[\W_]*(?:\d{1,3}[ -]min(?:ute)?s?\.?(?: read(?:ing time)?)?|(?:(?:estimated )?reading time"
    r"|lesezeit|lesedauer"
    r"|temps de lecture|tiempo de lectura|tempo de leitura|tempo di lettura|leestijd|lästid"
    r"|lesetid)\b.{0,30}"
    r"|haupt(?:inhalt|navigation)|main content|(?:skip|jump) to .{0,30})[\W_]*",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][\"”’»)\]]*$")


def without_signposts(blocks: Sequence[Block], url: str) -> list[Block]:
    """The blocks of a text without its signposts; ``url`` is the address of the page."""
    rest = _without_lines_above(list(blocks))
    out: list[Block] = []
    number = 0
    while number < len(rest):
        block = rest[number]
        below = _length_below_label(rest, number)
        if below:
            note_left_out("leads to other stories", _words(rest[number : number + 1 + below]))
            number += below
        elif _is_sign(block, url):
            note_left_out("leads to other stories", _words([block]))
        elif _is_notice(block):
            note_left_out("speaks of the site", _words([block]))
        else:
            out.append(block)
        number += 1
    return _without_end(out, url)


def _words(blocks: Sequence[Block]) -> int:
    return sum(count_words(block_text(block)) for block in blocks)


def _without_lines_above(blocks: list[Block]) -> list[Block]:
    """The blocks without the date and the names that stand between headline and text."""
    texts = [n for n, block in enumerate(blocks) if not isinstance(block, Figure)]
    above: set[int] = set()
    for number in texts[:_MOST_LINES_ABOVE]:
        words = block_text(blocks[number]).strip()
        if len(texts) - len(above) < 2 or not isinstance(blocks[number], Paragraph | Heading):
            break
        if _is_dateline(words, blocks[number]) or _READING_TIME.fullmatch(words):
            above.add(number)
            note_left_out("a line above the text", count_words(words))
    return [block for n, block in enumerate(blocks) if n not in above]


def _is_dateline(words: str, block: Block) -> bool:
    """Test for a few words with a date and no sentence; a heading may be a chapter of a diary."""
    date = _DATELINE.search(words)
    if date is None or not isinstance(block, Paragraph) or _ENDS_SENTENCE.search(words):
        return False
    small = _SMALL_WORD.findall(words[: date.start()] + words[date.end() :])
    says = [word for word in small if word.lower() not in _BESIDE_A_DATE]
    tells = len(says) > _MOST_SMALL_WORDS and len(_FIELD.findall(words)) < _LEAST_FIELDS
    return not tells and count_words(words) <= _LONGEST_DATELINE


def _length_below_label(blocks: list[Block], number: int) -> int:
    """Count the lists and lines of links below a label; 0 for what is no label."""
    if not _LABEL.fullmatch(block_text(blocks[number]).strip()):
        return 0
    if not isinstance(blocks[number], Paragraph | Heading):
        return 0
    below = 0
    for block in blocks[number + 1 : number + 1 + _MOST_BELOW_A_LABEL]:
        if not _is_linked(block):
            break
        below += 1
    return below


def _is_linked(block: Block) -> bool:
    """Test for a line, or a list of lines, of links."""
    lines = list(_lines(block))
    return bool(lines) and all(_linked(line) >= _MOSTLY for line in lines)


def _lines(block: Block) -> Iterator[Runs]:
    match block:
        case Paragraph(runs=runs) | Heading(runs=runs):
            yield runs
        case ListBlock(items=items):
            for item in items:
                for inner in item.blocks:
                    yield from _lines(inner)


def _linked(runs: Runs) -> float:
    whole = len(runs_text(runs))
    return sum(len(run.text) for run in runs if run.link) / whole if whole else 0.0


def _is_sign(block: Block, url: str) -> bool:
    """Test for one line that leads to another story: "Read more: ...", or a link in capitals."""
    if not isinstance(block, Paragraph | Heading):
        return False
    text = runs_text(block.runs).strip()
    if count_words(text) > _LONGEST_SIGN:
        return False
    linked = _linked(block.runs)
    if linked >= 0.5 and _SIGN.match(text):
        return True
    links = [run.link for run in block.runs if run.link]
    if linked < 0.9 or not links:
        return False
    itself = bare(text) == bare(links[0]) and bare(url.partition("//")[2]) in bare(text)
    shouts = text.isupper() and count_words(text) > _SHORT_LINE
    return itself or (shouts and is_own(links[0], url))


def _is_notice(block: Block) -> bool:
    """Test for a line that asks to subscribe, or speaks to a browser; for a picture that does."""
    if isinstance(block, Figure):
        return bool(_OF_A_MAGAZINE.search(block.caption))
    if not isinstance(block, Paragraph | Heading):
        return False
    text = block_text(block).strip()
    words = count_words(text)
    if words <= _LONGEST_NOTICE and _OF_A_BROWSER.search(text):
        return True
    return words <= _LONGEST_CALL and bool(_CALL.match(text) and _OURS.search(text))


def _without_end(blocks: list[Block], url: str) -> list[Block]:
    """The blocks without lists of topics and stories at the end, and without their headings."""
    out = list(blocks)
    while len(out) > 1 and (
        _is_of_the_end(out[-1], url) or (len(out) < len(blocks) and _heads(out[-1]))
    ):
        note_left_out("below the text", _words(out[-1:]))
        out.pop()
    return out


def _heads(block: Block) -> bool:
    return isinstance(block, Rule | Heading)


def _is_of_the_end(block: Block, url: str) -> bool:
    match block:
        case Heading(runs=runs):
            text = runs_text(runs).strip()
            return bool(_BELOW_THE_TEXT.fullmatch(text) or _LABEL.fullmatch(text))
        case Paragraph(runs=runs):
            text = runs_text(runs).strip()
            words = count_words(text)
            own = any(is_own(run.link, url) for run in runs if run.link)
            headline = own and not _ENDS_SENTENCE.search(text)
            longest = _LONGEST_SIGN if headline else _LONGEST_LINK
            return (_linked(runs) >= _MOSTLY and words <= longest) or bool(
                _BELOW_THE_TEXT.fullmatch(text)
            )
        case ListBlock():
            lines = list(_lines(block))
            topics = all(
                _linked(line) >= _MOSTLY and count_words(runs_text(line)) <= _SHORT_LINE
                for line in lines
            )
            return topics or (len(lines) > 1 and all(_leads_on(line, url) for line in lines))
    return False


def _leads_on(runs: Runs, url: str) -> bool:
    """Test for an item that leads to another story of the site."""
    own = any(is_own(run.link, url) for run in runs if run.link)
    return own and count_words(runs_text(runs)) <= _LONGEST_SIGN // 2
