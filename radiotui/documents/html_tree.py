"""A page's bytes as a tree of elements."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from lxml import etree
from lxml import html as lxml_html

from radiotui.documents.html_source import with_fewer_attributes
from radiotui.net.content import is_html
from radiotui.net.urls import place_of, site_of, web_link
from radiotui.problems import Problem
from radiotui.text import clean, clean_block, count_words

Element = Any
"""An element of lxml."""

# Compiled once, and without what lxml's strings know of their places: ten times as fast.
_STRING = etree.XPath("string()", smart_strings=False)
# That of lxml.html asks Python for the class of each element, each time one is looked at.
_ONE_CLASS = etree.ElementDefaultClassLookup(
    element=lxml_html.HtmlElement, comment=lxml_html.HtmlComment, entity=lxml_html.HtmlEntity
)

_MOST_BYTES = 5_000_000
_MOST_JSON = 2_000_000
_MOST_ELEMENTS = 60_000

BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
"""Elements that stand in lines of their own."""

_KINDS = {
    "application/pdf": "a PDF",
    "application/json": "data",
    "application/rss+xml": "a feed",
    "application/atom+xml": "a feed",
    "application/zip": "an archive",
    "application/epub+zip": "a book",
    "image": "a picture",
    "audio": "sound",
    "video": "a film",
}
_SIGNS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"PK\x03\x04", "an archive"),
)
_A_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)
_A_FRAGMENT = re.compile(rb"<(?:article|main|div|p)\b", re.IGNORECASE)
"""Elements that hold text to read, in what need not be a whole page."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EDGE = "\x00"
"""The edge of an element within a line: no text has one."""
_JOINED_PARTS = re.compile(r"(?<=[^\W_A-Z]|[.!?…”\"')»])\x00+(?=[^\W_a-z]|[©(“])")
_VISUALLY_HIDDEN = re.compile(
    r"(?:^|[\s_-])(?:visually-?hidden|sr-only|screen-?reader(?:s?-only|-text)?|hidden-visually"
    r"|visuallyHidden|a11y-hidden|off-?screen|assistive-text|vh|u-vh|is-vishidden)(?=[\s_-]|$)",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_META_CHARSET = re.compile(
    rb"<meta\b[^<>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
# As browsers do: who says the smaller set uses the larger one.
_LARGER = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
_LARGER |= {"gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874"}
_CHARSETS = re.compile(
    r"utf-8|cp125[0-8]|cp8(?:66|74)|cp9(?:32|49)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)"
    r"|euc_jp|iso2022_jp|gb18030|big5(?:hkscs)?|johab"
)

_PLACEHOLDER = re.compile(r"\{\{|\{%|<%|\$\{")
_A_LINE = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
_LEAST_WORDS = 40
_NAME = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"([A-Za-z])\d{1,3}(?![^\W_])")
_WORD_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SHORTEST_WORD = 3
_EASY_TO_HIT = 4
"""Letters of a word up to which chance writes it often."""


class HtmlPage(msgspec.Struct, frozen=True):
    """A page that was read; the layers take apart what they need of its tree."""

    root: Element
    url: str
    """Where it came from."""
    base: str
    """What its links are relative to."""
    json_ld: tuple[str, ...] = ()
    """The texts of its JSON-LD scripts, as they stand there."""
    nodes: tuple[tuple[Element, str], ...] = ()
    """Its elements as they were parsed, with their classes.

    lxml makes an element again that nobody holds, each time it is looked at.
    """

    numbered: Mapping[str, Sequence[tuple[int, Element]]] = msgspec.field(default_factory=dict)
    """Its elements by the names of their attributes, with their numbers in the page."""
    is_cut: bool = False
    """Whether its end was left out."""

    @property
    def name(self) -> str:
        """Name in messages: the host."""
        return site_of(self.url)

    def with_class(self, *parts: str) -> list[Element]:
        """The elements that have one of the texts in their list of classes, in their order.

        Many times as fast as an XPath that asks for the same.
        """
        return [
            node
            for node, names in self.nodes
            if names and any(map(names.__contains__, parts)) and self._has(node)
        ]

    def with_attribute(self, *names: str) -> list[Element]:
        """The elements that had one of the attributes when the page was read, in their order."""
        nodes = {number: node for name in names for number, node in self.numbered.get(name, ())}
        return [nodes[number] for number in sorted(nodes) if self._has(nodes[number])]

    def _has(self, node: Element) -> bool:
        return node is self.root or self.root in node.iterancestors()


def read_page(body: bytes, url: str, content_type: str = "") -> HtmlPage:
    """The tree of a page; Problem where the bytes are none."""
    name = site_of(url)
    if not body.strip(b"\0\t\n\r\x0c "):
        raise Problem(f"{name} sent an empty page", "try again later", url)
    kind = _other_kind(body, content_type)
    if kind:
        raise Problem(
            f"{place_of(url)} is {kind}, not a page",
            "open it in the browser",
            f"{content_type} {url}",
        )
    root = parse(_decode(body[:_MOST_BYTES], content_type))
    if root is None:
        raise Problem(f"{name} sent a page that cannot be read", "it may be damaged", url)
    if root.xpath("count(//*)") > _MOST_ELEMENTS:
        raise Problem(f"{name} sent a page too big to be read here", "open it in the browser", url)
    scripts = tuple(_take_scripts(root))
    base = next(iter(root.xpath("//base/@href")), "")
    nodes = tuple((node, node.get("class") or "") for node in elements(root))
    numbered: dict[str, list[tuple[int, Element]]] = {}
    for number, (node, _) in enumerate(nodes):
        for name in node.keys():  # noqa: SIM118 (an element is no mapping)
            numbered.setdefault(name, []).append((number, node))
    is_cut = len(body) > _MOST_BYTES
    return HtmlPage(root, url, web_link(base, url) or url, scripts, nodes, numbered, is_cut)


def parse(source: str) -> Element | None:
    """The root of a document or a fragment; None where there is nothing in it."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8",
        recover=True,
        huge_tree=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    # A zero ends the document for some versions of the parser.
    data = with_fewer_attributes(source).replace("\0", "").encode("utf-8", "replace")
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    if not _NOT_TEXT.search(text_of(root)):
        return root
    for node in elements(root):
        # lxml reads them, and then refuses to move a text that has them.
        if _NOT_TEXT.search(node.text or ""):
            node.text = legal(node.text)
        if _NOT_TEXT.search(node.tail or ""):
            node.tail = legal(node.tail)
    return root


def words(
    element: Element,
    limit: int = 2000,
    without: Collection[Element] = (),
    *,
    parts_apart: bool = False,
) -> str:
    """The text of an element as one clean line, of blocks with a space between them.

    With ``parts_apart`` also of elements within a line where the next begins a name or a number.
    """
    out: list[str] = []
    left_out = None
    inline = _EDGE if parts_apart else ""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        spaced = " " if node.tag in BLOCKS or node.tag == "br" else inline
        if event == "start":
            if left_out is None and (node in without or node.tag in {"script", "style"}):
                left_out = node
            if left_out is None:
                out += [spaced, node.text or ""]
        else:
            if left_out is node:
                left_out = None
            if left_out is None:
                out += [spaced, (node.tail or "") if node is not element else ""]
    line = "".join(out)
    if parts_apart:
        line = _JOINED_PARTS.sub(" ", line).replace(_EDGE, "")
    return clean(line, limit)


def text_of(element: Element) -> str:
    """All characters within an element, as they stand there."""
    text: str = _STRING(element)
    return text


def is_visually_hidden(element: Element) -> bool:
    """Test for words that a page has for screen readers alone."""
    return bool(_VISUALLY_HIDDEN.search(element.get("class") or ""))


def by_class(element: Element, *names: str) -> list[Element]:
    """The elements within one that have one of the classes, in their order."""
    classes = frozenset(names)
    return [
        node
        for node in elements(element)
        if node is not element and not classes.isdisjoint((node.get("class") or "").split())
    ]


def class_words(element: Element) -> frozenset[str]:
    """The words that its classes and its id are made of: "related-stories" is two."""
    return words_of_classes(element) | words_of_id(element)


def words_of_classes(element: Element) -> frozenset[str]:
    """The words that its classes are made of."""
    return words_of_names((element.get("class") or "")[:500])


@lru_cache(maxsize=1024)
def words_of_names(classes: str) -> frozenset[str]:
    """The words that a list of classes is made of; most elements of a page have the same few."""
    return frozenset().union(*map(_words_of_class, classes.split()))


@lru_cache(maxsize=4096)
def _words_of_class(name: str) -> frozenset[str]:
    return _words(_NUMBERED.sub(r"\1", name))


def words_of_id(element: Element) -> frozenset[str]:
    """The words that its id is made of."""
    name = (element.get("id") or "")[:200]
    return _words(name) if name else frozenset()


def drop(element: Element) -> None:
    """Take an element out of its tree; what stands behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def elements(root: Element) -> Iterator[Element]:
    """The element and all within it, in their order."""
    tree: Iterator[Element] = root.iter(etree.Element)
    return tree


def legal(text: str) -> str:
    """A text that an element may be given, with white space at its ends as one space."""
    if not text:
        return ""
    core = _NOT_TEXT.sub(" ", clean_block(text, len(text) + 1))
    return " " * text[0].isspace() + core + " " * text[-1].isspace()


def _words(names: str) -> frozenset[str]:
    return frozenset().union(*map(_words_of_name, _NAME.findall(names)))


@lru_cache(maxsize=4096)
def _words_of_name(name: str) -> frozenset[str]:
    """Words in a name; none in one that chance made: "f7ad", "n1AuAdJlVL"."""
    if not name.isalpha():
        return frozenset()
    parts = _WORD_OF_NAME.findall(name)
    strange = sum(len(part) < _SHORTEST_WORD for part in parts)
    return frozenset(
        part.lower()
        for part in parts
        if len(part) > _EASY_TO_HIT or strange <= (len(part) < _SHORTEST_WORD)
    )


def _take_scripts(root: Element) -> Iterator[str]:
    for node in root.xpath("//script|//style|//template"):
        # A template may stand within a template that is gone already.
        if "ld+json" in (node.get("type") or "").lower() and len(node.text or "") < _MOST_JSON:
            yield node.text or ""
        if node.get("shadowrootmode") is not None:
            # A browser shows it where it stands.
            node.tag = "div"
            continue
        if node.tag == "script" and node.getparent() is not None:
            _put_text_of_template(node)
        drop(node)


def _put_text_of_template(script: Element) -> None:
    """Put before a script the text that it holds for the page, as some blogs keep it."""
    source = script.text or ""
    kind = (script.get("type") or "").lower()
    is_text = ("template" in kind or "html" in kind) and source.lstrip().startswith("<")
    if not is_text or _PLACEHOLDER.search(source):
        return
    fragment = parse(source) if len(source) < _MOST_BYTES and _A_LINE.search(source) else None
    if fragment is None or count_words(text_of(fragment)) < _LEAST_WORDS:
        return
    for node in fragment.xpath("//script|//style|//template"):
        drop(node)
    body = next(iter(fragment.iter("body")), fragment)
    body.tag = "div"
    body.attrib.clear()
    script.addprevious(body)


def _other_kind(body: bytes, content_type: str) -> str:
    """Kind of a document that is no page, in words; empty for a page."""
    declared = content_type.partition(";")[0].strip().lower()
    for sign, kind in _SIGNS:
        if body.lstrip()[:8].startswith(sign):
            return kind
    if _A_FEED.match(body[:2000]):
        return "a feed"
    if is_html(body, declared) or _A_FRAGMENT.search(body[:4096]):
        return ""
    by_name = _KINDS.get(declared) or _KINDS.get(declared.partition("/")[0])
    return by_name or ("" if b"<" in body[:4096] and not declared else "a file")


def _decode(body: bytes, content_type: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    if not body.isascii():
        try:
            # Pages that name a wrong charset are more than texts that happen to be UTF-8.
            # Not final: the last letter may have been cut in two.
            return codecs.getincrementaldecoder("utf-8")().decode(body)
        except UnicodeDecodeError:
            pass
    header = _HEADER_CHARSET.search(content_type)
    meta = _META_CHARSET.search(body[:4096])
    charsets = (header[1] if header else "", meta[1].decode() if meta else "")
    charset = next(filter(None, map(_charset, charsets)), "cp1252")
    return body.decode(charset, "replace")


def _charset(name: str) -> str:
    """Python's name for a charset of the web; empty for what is none."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    codec = _LARGER.get(codec, codec)
    return codec if _CHARSETS.fullmatch(codec) else ""
