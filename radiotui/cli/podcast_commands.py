"""Commands about podcasts: each loads its modules when it is run."""

from __future__ import annotations

from radiotui.cli.invocation import Arguments, companion_of, is_as_json, opml_file, run_to_end


def run_podcasts(arguments: Arguments) -> int:
    """``podcasts`` with its actions."""
    from radiotui.cli import podcasts
    from radiotui.cli.podcast_changes import ACTIONS

    companion, as_json, name = companion_of(arguments), is_as_json(arguments), arguments.name
    if arguments.action in ACTIONS:
        return run_to_end(ACTIONS[arguments.action](companion, arguments))
    match arguments.action:
        case "add":
            work = podcasts.add_podcast(companion, arguments.address)
        case "remove":
            work = podcasts.remove_podcast(companion, name)
        case "refresh":
            work = podcasts.refresh_podcasts(companion, name, as_json=as_json)
        case "chapters":
            work = podcasts.list_chapters(companion, arguments.episode, as_json=as_json)
        case "transcript":
            episode, language = arguments.episode, arguments.language
            work = podcasts.print_transcript(companion, episode, language=language, as_json=as_json)
        case "import":
            work = podcasts.import_podcasts(companion, opml_file(arguments))
        case "export":
            work = podcasts.export_podcasts(companion, arguments.file, played=arguments.played)
        case _ if name:
            work = podcasts.list_episodes(companion, name, as_json=as_json)
        case _:
            work = podcasts.list_podcasts(companion, as_json=as_json)
    return run_to_end(work)


def run_sync(arguments: Arguments) -> int:
    """``sync`` with its actions."""
    from radiotui.cli import sync

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    match arguments.action:
        case "status":
            work = sync.print_status(companion, as_json=as_json)
        case "password":
            work = sync.give_sync_password(companion, from_stdin=arguments.stdin)
        case "login":
            work = sync.log_in(companion)
        case _:
            work = sync.synchronise(companion, as_json=as_json)
    return run_to_end(work)


def run_queue(arguments: Arguments) -> int:
    """``podcasts queue`` with its actions."""
    from radiotui.cli.queue import QueueCommand

    command = QueueCommand(companion_of(arguments), as_json=is_as_json(arguments))
    return run_to_end(command.run(arguments))


def run_downloads(arguments: Arguments) -> int:
    """``podcasts`` with an action about files of episodes."""
    from radiotui.cli import downloads

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    if arguments.action == "download":
        work = downloads.download_episodes(companion, arguments.episodes, as_json=as_json)
    elif arguments.remove:
        work = downloads.remove_downloads(companion, arguments.remove, as_json=as_json)
    else:
        work = downloads.list_downloads(companion, as_json=as_json)
    return run_to_end(work)


def run_clips(arguments: Arguments) -> int:
    """``podcasts clips`` with its actions."""
    from radiotui.cli import clips

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    match arguments.clip_action:
        case "export":
            folder = arguments.output
            work = clips.export_clip(companion, arguments.number, folder, as_json=as_json)
        case "remove":
            work = clips.remove_clip(companion, arguments.number, as_json=as_json)
        case _:
            work = clips.list_clips(companion, " ".join(arguments.words), as_json=as_json)
    return run_to_end(work)


def run_podcast_settings(arguments: Arguments) -> int:
    """Action ``podcasts set``."""
    from radiotui.cli.podcast_settings import set_podcast

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    return run_to_end(set_podcast(companion, arguments.name, arguments.settings, as_json=as_json))
