"""read, search and feeds on the command line: what they print, and their exit codes."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.servers import Connection, Server, serving
from tests.terminal import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]

STORY = """
<html><head><title>The ferry is late</title><meta property="og:site_name" content="Harbour Radio">
<link rel="alternate" type="application/rss+xml" title="Harbour News" href="/news.rss">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The ferry is late",
 "author": {"name": "Ida Quay"}, "datePublished": "2026-03-02T09:00:00Z"}</script></head><body>
<article><h1>The ferry is late</h1>
<figure><img src="/ferry.jpg" width="900" height="600"><figcaption>The ferry in fog. Photo by Ida
Quay</figcaption></figure>
<p>The ferry to the far shore left forty minutes late on Monday, the harbour office said, because
the captain was waiting for a piano that somebody had promised to send across the bay.</p>
<p>The piano came at nine. It was carried on board by six men and a dog, and the passengers, who had
been waiting in the fog, asked for a waltz before the lines were cast off at last.</p>
<p>Whoever wants to hear it can take the ferry back on Friday, when it will be played again.</p>
</article></body></html>
"""

SHOW = """<rss version="2.0"><channel><title>Harbour Hour</title>
<item><guid>1</guid><title>The piano</title></item></channel></rss>"""


def feed(connection: Connection) -> None:
    link = connection.server.url("/ferry")
    item = (
        f"<item><guid>1</guid><title>The ferry is late</title><link>{link}</link>"
        "<description>It waits for a piano.</description></item>"
    )
    connection.answer(
        f"<rss version='2.0'><channel><title>Harbour News</title>{item}</channel></rss>".encode(),
        "application/rss+xml",
    )


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/news.rss"] = feed
        server.routes["/ferry"] = lambda c: c.answer(STORY.encode(), "text/html; charset=utf-8")
        yield server


@pytest.fixture
def run(home: dict[str, str], tmp_path: Path) -> Run:
    stations = str(tmp_path / "list.toml")
    Path(stations).write_text("# mine\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radiotui", *arguments, "--stations", stations],
            env=home, cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


def test_read_prints_a_page_as_markdown(run: Run, server: Server) -> None:
    done = run("read", server.url("/ferry"))
    assert (done.returncode, done.stderr) == (0, "")
    head, _, rest = done.stdout.partition("\n\n")
    assert head == "# The ferry is late"
    assert rest.startswith("Ida Quay")
    assert f"]({server.url('/ferry.jpg')})" in rest
    assert "The ferry in fog" in rest
    assert rest.count("waltz") == 1


def test_read_explains_itself_on_stderr(run: Run, server: Server) -> None:
    done = run("read", server.url("/ferry"), "--explain")
    assert done.returncode == 0
    assert done.stdout.startswith("# The ferry is late")
    lines = done.stderr.splitlines()
    assert "radiotui: text taken from the extractor, where it stands on the page" in lines
    assert re.fullmatch(r"radiotui: article: 89 words, 1 pictures", lines[-1])


def test_read_has_the_promised_shape(run: Run, server: Server) -> None:
    article = json.loads(run("read", server.url("/ferry"), "--json").stdout)
    assert article.keys() >= {
        *("title", "byline", "published", "site", "markdown", "figures", "audio", "copyright"),
    }
    assert (article["title"], article["byline"]) == ("The ferry is late", "Ida Quay")
    assert datetime.fromisoformat(article["published"]).timestamp() == 1772442000
    assert article["site"] == "Harbour Radio"
    assert article["figures"] == [
        {"url": server.url("/ferry.jpg"), "caption": "The ferry in fog.", "credit": "Ida Quay"}
    ]


def test_a_page_that_is_not_there(run: Run, server: Server) -> None:
    done = run("read", server.url("/nothing"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "404" in done.stderr


def test_a_feed_is_added_by_its_page_listed_refreshed_searched_and_removed(
    run: Run, server: Server, tmp_path: Path
) -> None:
    url = server.url("/news.rss")
    assert run("feeds", "add", server.url("/ferry"), "--folder", "Sea").returncode == 0
    listed = (tmp_path / "list.toml").read_text()
    assert "# mine" in listed
    assert 'title = "Harbour News"' in listed
    assert run("feeds", "add", url).returncode == 1

    done = run("feeds", "refresh")
    assert (done.returncode, done.stdout) == (0, "1 of 1 feeds answered, 1 unread\n")
    (state,) = json.loads(run("feeds", "--json").stdout)
    assert (state["url"], state["folder"], state["own"]) == (url, "Sea", True)
    assert (state["stories"], state["unread"], state["problem"]) == (1, 1, None)
    assert datetime.fromisoformat(state["next"]) > datetime.fromisoformat(state["answered"])

    (found,) = json.loads(run("search", "piano", "is:unread", "--json").stdout)
    assert (found["kind"], found["title"]) == ("story", "The ferry is late")
    assert run("search", "harmonica").returncode == 1
    assert run("read", str(found["id"])).stdout.startswith("# The ferry is late")

    assert run("feeds", "remove", url).returncode == 0
    assert (tmp_path / "list.toml").read_text() == "# mine\n"
    assert run("feeds", "remove", url).returncode == 1
    # What was kept stays kept, and can still be found.
    assert run("search", "piano").returncode == 0


def test_feeds_go_out_and_come_in_as_opml(run: Run, server: Server, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    run("feeds", "add", server.url("/news.rss"), "--folder", "Sea")
    assert run("feeds", "export", str(opml)).returncode == 0
    # It tells when it was written, to the second.
    printed, written = (
        re.sub(r"<dateCreated>.*?</dateCreated>", "", text)
        for text in (run("feeds", "export").stdout, opml.read_text())
    )
    assert printed == written
    run("feeds", "remove", server.url("/news.rss"))
    done = run("feeds", "import", str(opml))
    assert done.returncode == 0
    assert "1 of 1 feeds are new" in done.stderr
    (state,) = json.loads(run("feeds", "list", "--json").stdout)
    assert (state["url"], state["folder"]) == (server.url("/news.rss"), "Sea")
    assert "0 of 1 feeds are new" in run("feeds", "import", str(opml)).stderr
    assert run("feeds", "import", str(tmp_path / "none.opml")).returncode == 1


def test_an_export_goes_where_it_was_told_and_nowhere_else(
    run: Run, server: Server, tmp_path: Path
) -> None:
    run("feeds", "add", server.url("/news.rss"))
    done = run("feeds", "export", str(tmp_path / "no" / "feeds.opml"))
    assert (done.returncode, (tmp_path / "no").exists()) == (1, False)
    assert f"there is no folder {tmp_path / 'no'}" in done.stderr
    link, file = tmp_path / "link.opml", tmp_path / "file.opml"
    link.symlink_to(file)
    assert run("feeds", "export", str(link)).returncode == 0
    assert link.is_symlink()
    assert "Harbour News" in file.read_text()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        try:
            assert run("feeds", "export", str(pipe)).returncode == 0
            printed, _ = reader.communicate(timeout=10)
        finally:
            reader.kill()
    assert "Harbour News" in printed
    assert pipe.is_fifo()


def test_a_feed_that_is_not_in_the_list_is_not_asked_and_leaves_nothing(
    run: Run, server: Server
) -> None:
    done = run("feeds", "refresh", server.url("/news.rss"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not in the list" in done.stderr
    assert json.loads(run("feeds", "--json").stdout) == []
    assert server.paths() == []


def test_what_nobody_expected_is_one_line_and_its_traceback_is_in_the_log(
    run: Run, server: Server, home: dict[str, str], tmp_path: Path
) -> None:
    assert run("feeds", "add", server.url("/news.rss")).returncode == 0
    # A Python whose SQLite is broken.
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sqlite3.py").write_text("raise RuntimeError('no such library')\n")
    path = os.pathsep.join(filter(None, (str(tmp_path / "python"), home.get("PYTHONPATH"))))
    home["PYTHONPATH"] = path
    for command in (("stories",), ("stories", "--json"), ("feeds", "refresh"), ("feeds",)):
        done = run(*command)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("radiotui: something unexpected went wrong: ")
        assert len(done.stderr.splitlines()) == 1
    (log,) = Path(home["HOME"]).rglob("radiotui.log")
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_feed_that_fails_is_told_and_counted(run: Run, server: Server, tmp_path: Path) -> None:
    urls = server.url("/gone.rss"), server.url("/news.rss")
    (tmp_path / "list.toml").write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in urls))
    done = run("feeds", "refresh")
    assert done.returncode == 0
    assert done.stdout == "1 of 2 feeds answered, 1 unread\n"
    assert "404" in done.stderr
    assert "404" in run("feeds").stdout


def test_a_damaged_store_is_told_once_and_read_out(
    run: Run, server: Server, home: dict[str, str]
) -> None:
    assert run("feeds", "add", server.url("/news.rss")).returncode == 0
    whole = json.loads(run("stories", "--json").stdout)
    (path,) = Path(home["HOME"]).rglob("radiotui.db")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entry SET changed_at = 99999999999999999")
    connection.close()
    first, second = (run("search", "ferry", "--json") for _ in range(2))
    (kept,) = path.parent.glob("radiotui.damaged-*.db")
    assert first.stderr == (
        "radiotui: radiotui.db was damaged: 1 story could be read: the damaged file is kept"
        f" as {kept}, and a new one was begun\n"
    )
    assert second.stderr == ""
    for done in (first, second):
        assert [result["title"] for result in json.loads(done.stdout)] == ["The ferry is late"]
    assert [story["title"] for story in whole] == ["The ferry is late"]


def test_a_story_is_not_fetched_from_this_computer_under_another_name(
    run: Run, server: Server, tmp_path: Path
) -> None:
    def odd(connection: Connection) -> None:
        link = f"http://localhost:{server.port}/cgi-bin/reboot?now=1"
        item = f"<item><guid>1</guid><title>Odd</title><link>{link}</link></item>"
        rss = f"<rss version='2.0'><channel><title>News</title>{item}</channel></rss>"
        connection.answer(rss.encode(), "application/rss+xml")

    server.routes["/odd.rss"] = odd
    feeds = f'[[feed]]\nurl = "{server.url("/odd.rss")}"\n'
    (tmp_path / "list.toml").write_text(feeds)
    (story,) = json.loads(run("stories", "--json").stdout)
    done = run("read", str(story["id"]))
    assert "leads into the local network" in done.stderr
    assert server.paths() == ["/odd.rss"]


def test_no_password_of_an_address_is_shown_or_logged(
    run: Run, server: Server, tmp_path: Path, home: dict[str, str]
) -> None:
    secret = [
        server.url(path).replace("//", "//ann:hunter2@") for path in ("/news.rss", "/gone.rss")
    ]
    (tmp_path / "list.toml").write_text("".join(f'[[feed]]\nurl = "{url}"\n' for url in secret))
    for command in (
        ("feeds", "refresh"),
        ("feeds", "refresh", server.url("/gone.rss")),
        ("feeds",),
        ("feeds", "--json"),
        ("stories",),
        ("stories", "--json"),
        ("search", "ferry", "--json"),
        ("feeds", "export"),
        ("feeds", "add", secret[0]),
        ("feeds", "remove", server.url("/gone.rss")),
    ):
        done = run(*command)
        assert "hunter2" not in done.stdout + done.stderr, command
    assert "hunter2" in (tmp_path / "list.toml").read_text()
    assert secret[1] not in (tmp_path / "list.toml").read_text()
    for log in Path(home["XDG_STATE_HOME"]).rglob("*.log"):
        assert "hunter2" not in log.read_text()
    done = run("feeds", "export")
    assert "the password of 1 feed is left out" in done.stderr
    assert server.url("/news.rss") in done.stdout
    # It is asked with its password all the same.
    assert all("authorization" in c.headers for c in server.asked if c.path == "/gone.rss")


def test_what_is_kept_is_private(
    run: Run, server: Server, tmp_path: Path, home: dict[str, str]
) -> None:
    older = Path(home["XDG_DATA_HOME"]) / "radiotui"
    older.mkdir(parents=True, mode=0o755)
    (older / "radiotui.db").touch(mode=0o644)
    assert run("feeds", "add", server.url("/news.rss")).returncode == 0
    assert run("stories").returncode == 0
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        folder = Path(home[f"XDG_{kind}_HOME"]) / "radiotui"
        for path in [folder, *folder.rglob("*")] if folder.exists() else []:
            assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, str(2**63)])
def test_a_story_of_an_impossible_number_is_not_there(run: Run, number: str) -> None:
    done = run("read", number)
    assert done.returncode == 1
    assert done.stderr.startswith("radiotui: there is no story 9")
    assert "Traceback" not in done.stderr


def test_a_time_before_all_time_is_a_wrong_word(run: Run) -> None:
    for command in (("heard", "--since", "9999y"), ("search", "since:9999y", "ferry")):
        done = run(*command)
        assert done.returncode == 1
        assert done.stderr.startswith("radiotui: '9999y' is no time to search from")


def test_what_belongs_to_a_programme(run: Run, server: Server, tmp_path: Path) -> None:
    server.routes["/show.rss"] = lambda c: c.answer(SHOW.encode(), "application/rss+xml")
    Path(tmp_path / "list.toml").write_text(
        '[[station]]\nid = "a"\nname = "A"\n'
        f'podcasts = ["{server.url("/show.rss")}"]\n'
        '[[station.stream]]\nid = "live"\nurl = "http://127.0.0.1:9/"\n'
        '[[station.stream.programme]]\nname = "Harbour Hour with Ida Quay"\ndays = "daily"\n'
        'start = "00:00"\nend = "24:00"\n'
    )
    done = run("belongs", "a")
    assert (done.returncode, done.stderr) == (0, "")
    podcast, episode = done.stdout.splitlines()
    assert podcast == f"podcast: Harbour Hour  {server.url('/show.rss')}"
    assert "The piano" in episode
    unsure = run("belongs", "a", "--programme", "News", "--json")
    assert unsure.returncode == 1
    assert json.loads(unsure.stdout)["feeds"] == []
    assert "“News” is a name that many programmes have" in unsure.stderr
