"""Pages written for the tests, in the markups that stories come in, and what they say.

The stories are invented. A page may be served from anywhere: ``articles(base)`` is
what is to be read when the folder is at ``base``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from radiotui.documents.model import Article, Figure, StoryAudio
from tests.documents import blocks

FOLDER = Path(__file__).parent

WALLS = {
    "login_wall": "wants you to log in first",
    "teaser": "wants you to log in first",
    "consent_wall": "wants you to agree to something first",
}
"""Pages that are no article, and the end of the problem's title."""


def page(name: str) -> bytes:
    """A page's bytes."""
    return (FOLDER / f"{name}.html").read_bytes()


def articles(base: str) -> dict[str, Article]:
    """What each page says, by its name."""
    host = urlsplit(base).hostname or ""
    return {
        "grove": _grove(base),
        "npr": _npr(),
        "described": _described(),
        "json_ld_only": _json_ld_only(base),
        "json_ld": _json_ld(base),
        "plain": _plain(base),
        "figures": _figures(base, host),
        "hostile": _hostile(base, host),
        "windows_1252": _windows_1252(base, host),
    }


def _sized(name: str, size: str, picture: str) -> str:
    return (
        f"https://pictures.example/dims4/default/{name}/2147483647/strip/true/crop/{size}/quality/90/"
        f"?url=http%3A%2F%2Foriginals.example%2F{picture}"
    )


def _grove(base: str) -> Article:
    return Article(
        url="https://www.kcby.example/arts-culture/2024-03-09/the-last-lamplighter",
        title="The last lamplighter of Cinder Bay hangs up his pole",
        byline="Marta Quill, Oren Vail",
        published=datetime(2024, 3, 9, 17, 5, tzinfo=UTC),
        updated=datetime(2024, 3, 10, 8, 15, 30, tzinfo=UTC),
        site="KCBY Cinder Bay Public Radio",
        lead=Figure(
            _sized("bb22", "4000x2668+0+0/resize/880x587!/format/webp", "c1%2Flamplighter.jpg"),
            "Abel Tarn lights the lamp at the harbour’s end for the last time.",
            "Ines Holloway / KCBY",
        ),
        audio=StoryAudio("https://sounds.example/2024/03/lamplighter.mp3", 239.0),
        copyright="Copyright 2024 KCBY Cinder Bay Public Radio",
        note=blocks(
            f"[Marta Quill]({base}/people/marta-quill) covers the coast for KCBY. "
            "She once sailed around it in a bathtub."
        ),
        parts=blocks(
            f"""\
For forty-one winters, Abel Tarn has walked the harbour wall at dusk with a pole over his \
shoulder. On Friday he walked it **once more**.

The town council voted in autumn to wire the last [twelve gas lamps]({base}/history/gas). \
Tarn says he understands:

> “A lamp does not care who lights it. I only wish somebody would say good evening to them.”

## A trade of six people

In 1931 the bay employed six lamplighters. Their names are on a board in the boathouse.""",
            Figure(
                _sized("ee55", "3000x2000+0+0/resize/792x528!", "c2%2Fboard.jpg"),
                "The board of names in the boathouse.",
                "Oren Vail",
            ),
            """\
- Two for the harbour
- Three for the town
- One for the *long stair*

The pole goes to the museum. The lamps stay, with bulbs in them.""",
        ),
    )


def _npr() -> Article:
    pictures = "https://media.npr.example/assets/img/2023/11/02"
    return Article(
        url="https://www.npr.example/2023/11/02/1209999999/a-choir-for-people-who-cannot-sing",
        title="A choir for people who cannot sing",
        byline="Juno Park",
        published=datetime(2023, 11, 2, 9, 1, tzinfo=UTC),
        site="NPR",
        lead=Figure(
            f"{pictures}/choir_custom-0011223344556677889900aabbccddeeff001122-s800-c85.webp",
            "Nine members of the choir around its piano, which is not in tune either.",
            "Lena Fosse / Brass Desk",
        ),
        audio=StoryAudio(
            "https://sounds.npr.example/me/2023/11/20231102_me_choir.mp3?d=233&story=1209999999",
            233.0,
        ),
        note=blocks("*Juno Park reports on music for Brass Desk.*"),
        parts=blocks(
            """\
Every Thursday at seven, thirty people in Marrow Falls meet to sing badly.

There is one rule, says their founder, Tilda Brandt:

"If you hit the note, you buy the cake."

### Forty cakes a year

So far the choir has sung for a hospital, a wedding and *one very patient horse*.""",
            Figure(
                f"{pictures}/horse-99887766554433221100ffeeddccbbaa99887766-s600-c85.webp",
                "The horse.",
                "Lena Fosse",
            ),
            "Nobody has been asked to leave.",
        ),
    )


def _described() -> Article:
    return Article(
        url="https://www.npr.example/2022/10/05/beekeepers-count-their-hives",
        title="Beekeepers count their hives after the flood",
        byline="Sol Emery",
        published=datetime(2022, 10, 5, 9, 1, tzinfo=UTC),
        site="KVDL Vandal Valley Radio",
        lead=Figure(
            "https://pictures.example/hives.jpg",
            "Dorit Amsel lifts a hive out of the mud near Lower Penny.",
            "Robin Franke / AP",
        ),
        copyright="Copyright 2022 NPR. To see more, visit https://www.npr.org.",
        note=blocks(
            "Sol Emery is a correspondent for the valley desk, where he covers water, weather "
            "and what lives in it."
        ),
        parts=blocks(
            """\
The river came on a Monday and left on a Thursday, and it took the bees of Lower Penny with it.

Dorit Amsel kept sixty hives on the meadow below the church. She counts on her fingers now:

"Four that hum. Two that may. The rest is firewood."

Her neighbour, Jem Oakes, lost his boat and found one of her hives on top of it:

"I knocked. Something knocked back."

The county sent a truck with sugar, which bees eat when there are no flowers. Its driver, \
Pilar Roca, had never seen so many grateful people:

"They cried on the sugar. I told them, it is wet enough."

Nobody insures bees, says Amsel:

"You cannot count them, they say. I say, watch me."

In spring the meadow is to be sown anew. The seed was given by a school in the next valley:

"We had a jar for it. It was supposed to be a trampoline."

The first four hives stand on the church tower now, where the river has never been.""",
        ),
    )


def _json_ld_only(base: str) -> Article:
    return Article(
        url=f"{base}/json_ld_only.html",
        title="Ferry & foghorn agree on a timetable",
        byline="Ann Sorrel, Bo Marsh",
        published=datetime(2025, 1, 14, 5, 30, tzinfo=UTC),
        updated=datetime(2025, 1, 14, 10, 0, tzinfo=UTC),
        site="The Pebble Courier",
        lead=Figure(f"{base}/img/ferry-1200x800.jpg", "The ferry, before the fog.", "Ann Sorrel"),
        audio=StoryAudio("https://sounds.example/ferry.mp3", 90.0),
        copyright="Copyright 2025 The Pebble Courier",
        parts=blocks(
            """\
The ferry leaves at seven. The foghorn sounds at seven. For ninety years, nobody on the ferry \
has heard the captain say good morning.

That ends on Monday. The foghorn will wait until two minutes past, the harbour office said, \
"as a courtesy between loud things".

The captain has prepared a speech. It is, he says, mostly “good morning”, and it has been ready \
since 1987, when he was given the ship and her whistle and a thermos flask that still works.""",
        ),
    )


def _json_ld(base: str) -> Article:
    return Article(
        url=f"{base}/json_ld.html",
        title="The bridge that hums",
        byline="Cato Reyes",
        published=datetime(2025, 2, 2, tzinfo=UTC),
        site="Low Country Post",
        lead=Figure(
            "https://pictures.example/bridge.jpg?w=1200",
            "The bridge at Tallow, humming.",
            "Cato Reyes / LCP",
        ),
        parts=blocks(
            f"""\
Since the storm, the bridge at Tallow [hums in G]({base}/hum). Engineers came to look, \
and stayed to listen.

> "It is flat by a quarter tone," said Ruth Okafor, who tunes pianos.

## What the town wants

The council asked the school what to do. The school voted to leave it, forty-one to three.""",
            Figure(f"{base}/vote.jpg", "The vote."),
            """\
1. Keep the hum
2. Paint the rails

Two of the three have since changed their minds, and the third is learning the cello.

The ministry will measure again in June.""",
        ),
    )


def _plain(base: str) -> Article:
    return Article(
        url=f"{base}/plain.html",
        title="What the old orchard remembers",
        byline="Wren Calloway",
        published=datetime(2024, 9, 21, 6, 0, tzinfo=UTC),
        site="Hedgerow Review",
        lead=Figure(
            "https://pictures.example/orchard.jpg",
            "The orchard at Hollow End in its ninetieth autumn.",
            "Theo Lunt / Hedgerow",
        ),
        note=blocks("*Wren Calloway writes about trees and those who look after them.*"),
        parts=blocks(
            f"""\
The orchard at Hollow End was planted in 1934 by a man who did not like apples. He liked rows, \
and he liked the idea that somebody, some day, would walk between them and be calm.

His granddaughter, Imke Sander, walks between them now. She counts \
[thirty-one varieties]({base}/varieties), of which nine have no name that anybody has written down.

## Nine without a name

The nine stand in the last row, where the wind comes from. People from the university have come \
with instruments and gone away with jam, and neither has told them who the trees are:

> They asked me what my grandfather called them. He called them the last row. That is all that \
I can say about it, and I have said it four times now.

A list hangs in the shed, of what has to be done in which month, and it has not been changed \
since it was written:

- In February, cut what crosses.
- In May, look and do nothing.
- In September, call everybody you know.""",
            Figure("https://pictures.example/shed.jpg", "The list in the shed.", "Imke Sander"),
            """\
The harvest of the last three years was weighed on the scale of the old station, which was \
closed when the railway left and is still exact:

| Year | Apples |
| --- | --- |
| 2022 | 4\\.1 t |
| 2023 | 3\\.8 t |
| 2024 | 5\\.0 t |

This autumn everybody came. They filled the crates, and the crates filled the barn, and in the \
evening Sander walked between the rows, where it was quiet again, and counted them as she does \
every year.""",
        ),
    )


def _figures(base: str, host: str) -> Article:
    return Article(
        url=f"{base}/figures.html",
        title="A parade of wheelbarrows",
        site=host.removeprefix("www."),
        parts=blocks(
            """\
Once a year the gardeners of Upper Fennel push their wheelbarrows through the town, and the town \
stands at the kerb and judges them, because it has nothing else to judge in March.""",
            Figure(f"{base}/one.jpg", "The winner, painted as a pike.", "Dag Moen / Fennel Echo"),
            Figure(f"{base}/two.jpg", "The oldest one, pushed since 1911."),
            """\
The rules are few. A wheelbarrow must have a wheel, and its gardener must have grown something, \
and neither may be carried, which was tried in 1968 by the brothers Hask and has been forbidden \
ever since.""",
            Figure(f"{base}/three-1440.jpg", "The start, at the well.", "Ola Brink"),
            """\
The prize is a handle. It is made of ash by the cartwright, and whoever wins it has to give the \
old one back, so that there are always as many handles in Upper Fennel as there have ever been.""",
            Figure(f"{base}/finish_large.jpg", "The finish, in the rain"),
            Figure(f"{base}/five-1600.webp", "", "Dag Moen"),
            """\
Next year the parade goes the other way around, as it does every year, and the judges will stand \
on the other side of the street so that they see it as they always have.""",
        ),
    )


def _hostile(base: str, host: str) -> Article:
    return Article(
        url=f"{base}/hostile.html",
        title="[@click=app.quit]Owned[/] title reversed",
        byline="[red]Mallory[/red] Red",
        site=host.removeprefix("www."),
        lead=Figure(
            "https://pictures.example/a.jpg",
            "[link=file:///etc/passwd]Caption[/link] cleared hidden",
            "[@click=app.bell]›31mMallory",
        ),
        parts=blocks(
            """\
This paragraph is long enough to be read as the text of an article, and it holds a link that \
runs, a link to a file and [a link](https://good.example/a%20b).

\\[@click=app.quit\\]Press here\\[/\\] and the words stay words, as they stand on the page, \
**whatever** they look like to a terminal.

A third paragraph has to be here, so that nobody can say that the page was too short to be an \
article; it says nothing else, � and says it � slowly.

\\<script>alert(5)\\</script> !\\[picture\\](file:/\\/\\/etc/passwd) and \
\\[text\\](javascript:alert(6)) are words as well.""",
        ),
    )


def _windows_1252(base: str, host: str) -> Article:
    return Article(
        url=f"{base}/windows_1252.html",
        title="Café “Zur Mühle” öffnet wieder",
        site=host.removeprefix("www."),
        parts=blocks(
            """\
Das Café am Mühlbach war acht Jahre geschlossen, und in dieser Zeit hat das Dorf seinen Kaffee \
bei der Feuerwehr getrunken, die ihn sehr heiß und sehr dünn macht.

Am Samstag öffnet Gerda Münch die Tür wieder. Der erste Kuchen ist für die Feuerwehr, – so steht \
es auf der Tafel.""",
        ),
    )
