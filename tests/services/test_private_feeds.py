"""Private podcasts: users and passwords of feeds, and where those never go."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiotui.enclosures.fetch import EnclosureFetch
from radiotui.enclosures.file import EnclosureFile
from radiotui.net.passwords import PasswordOrigin
from radiotui.net.politeness import HostLimiter
from radiotui.problems import Problem, ProblemKind
from radiotui.stories.picture_cache import PictureCache
from tests.feeds import rss
from tests.keyrings import MemoryKeyring, using
from tests.servers import Connection, Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab

__all__ = ["lab"]

SECRET = "s3cret pässword"
SENT = "Basic " + base64.b64encode(f"ann:{SECRET}".encode()).decode()
TYPED = "ann:s3cret%20p%C3%A4ssword@"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 60
SOUND = b"ID3" + bytes(4000)


def members(server: Server) -> bytes:
    item = (
        "<item><title>Part 1</title><guid>1</guid><link>more/1</link>"
        f"<enclosure url='{server.url('/members/1.mp3')}' type='audio/mpeg' length='1'/></item>"
    )
    return rss(item, "<itunes:author>Ann</itunes:author>").encode()


def locked(body: bytes, kind: str) -> Route:
    """What only Ann is given."""

    def answer(connection: Connection) -> None:
        if connection.authorization == SENT:
            connection.answer(body, kind)
        else:
            realm = "Basic realm=members"
            connection.answer(b"no", status="401 Unauthorized", WWW_Authenticate=realm)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.routes["/members/show.rss"] = locked(members(server), "application/rss+xml")
        server.routes["/members/1.mp3"] = locked(SOUND, "audio/mpeg")
        server.routes["/members/cover.png"] = locked(PNG, "image/png")
        yield server


@pytest.fixture
def show(server: Server) -> str:
    return server.url("/members/show.rss")


def with_login(url: str, login: str = TYPED) -> str:
    return url.replace("://", f"://{login}")


def list_podcast(lab: PodcastLab, url: str, more: str = "") -> None:
    lab.path.write_text(f'{lab.path.read_text()}\n[[podcast]]\nurl = "{url}"\n{more}')
    lab.feeds()


def all_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def problem_of(lab: PodcastLab, url: str) -> Problem:
    podcast = next(one for one in await lab.podcasts.refresh(url) if one.state.url == url)
    assert podcast.state.problem is not None
    return podcast.state.problem


async def test_a_podcast_is_added_with_its_password_in_the_keyring(
    lab: PodcastLab, show: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with using(MemoryKeyring()) as keyring:
        added = await lab.podcasts.add(with_login(show))
        assert added.url == show
        assert list(keyring.kept.values()) == [SECRET]
        assert lab.notices == []
        assert f'url = "{with_login(show, "ann@")}"' in lab.path.read_text()
        podcast, episodes = await lab.podcasts.episodes("coconino")
        assert (podcast.state.url, len(episodes)) == (show, 1)
        (report,) = await lab.feed_logins.reports()
        exported = await lab.podcasts.export_opml()
    for kept in (all_files(tmp_path), exported, caplog.text.encode()):
        assert not [word for word in (SECRET.encode(), b"s3cret", SENT.encode()) if word in kept]
    assert report.words == "ann: password from the keyring"


async def test_no_password_is_sent_unencrypted_on_a_guess(
    lab: PodcastLab, show: str, server: Server
) -> None:
    with using(MemoryKeyring()) as keyring:
        with pytest.raises(Problem):
            await lab.podcasts.add(with_login(show).replace("http://", "pcast://"))
        assert [connection.authorization for connection in server.asked] == []
        added = await lab.podcasts.add(f"pcast://{with_login(show)}")
        assert (added.url, list(keyring.kept.values())) == (show, [SECRET])


async def test_its_sound_and_picture_are_asked_for_as_it_is(
    lab: PodcastLab, show: str, server: Server, tmp_path: Path
) -> None:
    list_podcast(lab, with_login(show, "ann@"))
    with using(MemoryKeyring()) as keyring:
        keyring.kept[f"radiotui 127.0.0.1:{server.port}", "ann"] = SECRET
        file = EnclosureFile(tmp_path / "1.sound")
        fetch = EnclosureFetch(
            lab.net, server.url("/members/1.mp3"), file, name="Part 1", on_event=lambda _: None,
            is_whole_wanted=True,
        )  # fmt: skip
        await fetch.run()
        assert file.path.read_bytes() == SOUND
        pictures = PictureCache(lab.net, tmp_path / "pictures", HostLimiter())
        picture = await pictures.picture(server.url("/members/cover.png"))
        assert picture.read_bytes() == PNG
        assert keyring.asked == 1, "it is looked for once in a run"


async def test_without_a_keyring_the_feed_is_added_and_it_is_said_how_to_give_it(
    lab: PodcastLab, show: str, tmp_path: Path
) -> None:
    await lab.podcasts.add(with_login(show))
    (notice,) = lab.notices
    assert "is not kept: there is no keyring here" in notice.title
    assert "$RADIOTUI_PASSWORD_127_0_0_1_PORT_" in notice.hint
    assert "password_command" in notice.hint
    assert [feed.url for feed in lab.feeds().file.podcasts] == [show]
    assert b"s3cret" not in all_files(tmp_path)


async def test_opml_brings_users_and_no_password(
    lab: PodcastLab, show: str, tmp_path: Path
) -> None:
    other = "https://feeds.example.org/other.rss"
    file = tmp_path.parent / f"{tmp_path.name}.opml"
    file.write_text(
        "<opml version='2.0'><body>"
        + "".join(
            f"<outline type='rss' text='x' xmlUrl='{url}'/>"
            for url in (with_login(show), with_login(other, "bob:other@"), "https://c.example/rss")
        )
        + "</body></opml>"
    )
    with using(MemoryKeyring()) as keyring:
        result = await lab.podcasts.import_opml(file)
        assert ([feed.url for feed in result.new], result.total) == (
            [show, other, "https://c.example/rss"],
            3,
        )
        assert set(keyring.kept.values()) == {SECRET, "other"}
    assert [(login.url, login.user) for login in lab.feeds().file.logins] == [
        (show, "ann"),
        (other, "bob"),
    ]
    assert b"s3cret" not in all_files(tmp_path)
    again = await lab.podcasts.import_opml(file)
    assert again.new == (), "the same ones again"
    file.unlink()


async def test_the_list_s_own_passwords_are_moved_into_the_keyring(
    lab: PodcastLab, show: str
) -> None:
    lab.path.write_text(
        lab.path.read_text().replace(
            "podcasts = [", f'podcasts = ["{with_login(show)}", # {with_login(show)}\n'
        )
    )
    await lab.podcasts.refresh(show)
    (report,) = await lab.feed_logins.reports()
    assert report.origin is PasswordOrigin.STATION_LIST
    await lab.feed_logins.move_out()
    assert "s3cret" in lab.path.read_text(), "nothing is lost where there is no keyring"
    with using(MemoryKeyring()) as keyring:
        await lab.feed_logins.move_out()
        assert list(keyring.kept.values()) == [SECRET]
        assert "s3cret" not in lab.path.read_text()
        (login,) = lab.feeds().file.logins
        assert (login.url, login.user, login.written) == (show, "ann", "")
        (podcast,) = await lab.podcasts.refresh(show)
        assert podcast.state.problem is None


async def test_a_password_by_command_is_used_and_said(lab: PodcastLab, show: str) -> None:
    list_podcast(lab, with_login(show, "ann@"), f"password_command = \"echo '{SECRET}'\"\n")
    (podcast,) = await lab.podcasts.refresh(show)
    assert (podcast.state.problem, podcast.episodes) == (None, 1)
    (report,) = await lab.feed_logins.reports()
    assert report.words == "ann: password by its password_command"


async def test_without_a_password_the_host_is_not_asked(
    lab: PodcastLab, show: str, server: Server
) -> None:
    list_podcast(lab, with_login(show, "ann@"))
    problem = await problem_of(lab, show)
    assert problem.title.startswith(f"there is no password of ann for 127.0.0.1:{server.port}")
    assert "'radiotui podcasts password' asks for it" in problem.hint
    assert server.paths() == []


async def test_a_refused_password_says_which_it_was(
    lab: PodcastLab, show: str, server: Server
) -> None:
    list_podcast(lab, with_login(show, "ann@"))
    variable = f"RADIOTUI_PASSWORD_127_0_0_1_PORT_{server.port}"
    lab.environ[variable] = "wrong"
    problem = await problem_of(lab, show)
    assert "refused the password (401)" in problem.title
    assert f"that of ann came from ${variable}" in problem.hint
    lab.environ[variable] = SECRET
    (podcast,) = await lab.podcasts.refresh(show)
    assert podcast.state.problem is None, "a new one is looked for after a refusal"


async def test_a_member_who_is_one_no_more_is_told_so(
    lab: PodcastLab, show: str, server: Server
) -> None:
    list_podcast(lab, with_login(show, "ann@"))
    lab.environ[f"RADIOTUI_PASSWORD_127_0_0_1_PORT_{server.port}"] = SECRET
    server.routes["/members/show.rss"] = lambda c: c.answer(b"", status="403 Forbidden")
    problem = await problem_of(lab, show)
    assert "the subscription may have ended" in problem.hint


async def test_a_password_goes_along_no_redirect_to_another_server(
    lab: PodcastLab, show: str, server: Server
) -> None:
    list_podcast(lab, with_login(show, "ann@"))
    lab.environ[f"RADIOTUI_PASSWORD_127_0_0_1_PORT_{server.port}"] = SECRET
    with serving() as other:
        other.routes["/show.rss"] = locked(members(server), "application/rss+xml")
        place = other.url("/show.rss")
        server.routes["/members/show.rss"] = lambda c: c.answer(
            b"", status="301 Moved Permanently", Location=place
        )
        problem = await problem_of(lab, show)
        assert [connection.authorization for connection in server.asked] == [SENT]
        assert [connection.authorization for connection in other.asked] == [""]
    assert f"the password is for 127.0.0.1:{server.port} alone" in problem.hint


async def test_a_password_is_for_one_server_and_scheme_alone(lab: PodcastLab) -> None:
    list_podcast(lab, "https://ann@feeds.example.org/a/show.rss")
    list_podcast(lab, "https://bob@feeds.example.org/b/show.rss")
    list_podcast(lab, "http://eve@plain.example/show.rss")
    users = {
        url: login and login.user
        for url in (
            "https://feeds.example.org/a/1.mp3",
            "https://FEEDS.example.org:443/b/1.mp3",
            "https://feeds.example.org/",
            "http://feeds.example.org/a/1.mp3",
            "https://feeds.example.org:8443/a/1.mp3",
            "https://example.org/a/1.mp3",
            "https://feeds.example.org.evil.example/a/1.mp3",
            "http://plain.example/1.mp3",
            "https://plain.example/1.mp3",
        )
        if (login := lab.logins.of(url)) is not None or True
    }
    assert list(users.values()) == ["ann", "bob", "ann", None, None, None, None, "eve", "eve"]


async def test_a_given_password_is_tried_first_and_kept_where_it_is_right(
    lab: PodcastLab, show: str
) -> None:
    list_podcast(lab, show)
    asked: list[str] = []

    def typed(value: str):
        return lambda whose: asked.append(whose) or value

    with pytest.raises(Problem) as caught:
        await lab.feed_logins.give(show, "", typed(SECRET))
    assert caught.value.kind is ProblemKind.USAGE
    with using(MemoryKeyring()) as keyring:
        with pytest.raises(Problem, match="refused the password"):
            await lab.feed_logins.give(show, "ann", typed("wrong"))
        assert keyring.kept == {}
        given = await lab.feed_logins.give(show, "ann", typed(SECRET))
        assert (given.user, given.answer, given.unkept) == ("ann", None, None)
        assert list(keyring.kept.values()) == [SECRET]
    assert asked[-1].startswith("Password of ann for 127.0.0.1:")
    assert f'url = "{with_login(show, "ann@")}"' in lab.path.read_text()


async def test_a_list_that_names_a_command_without_a_user_says_so(lab: PodcastLab) -> None:
    from radiotui.stations.file import read_station_list

    lab.path.write_text('[[podcast]]\nurl = "https://x.example/rss"\npassword_command = "x"\n')
    (problem,) = read_station_list(lab.path).problems
    assert problem.title == "list.toml:3: ".replace("list", "stations") + (
        "podcast.password_command: the address names no user"
    )
