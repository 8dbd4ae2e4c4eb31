"""Usage of ``sync``: its arguments and its help."""

from __future__ import annotations

from typing import Any

from radiotui.cli import podcast_commands
from radiotui.cli.mark_usage import SharedOptions
from radiotui.cli.subcommand import add_command


def add_sync(subparsers: Any, options: SharedOptions) -> None:
    """Add ``sync`` and its actions."""
    common, _, data = options
    sync = add_command(
        *(subparsers, "sync", "exchange podcasts and places in episodes with your other devices"),
        *(common, data),
        more='The server is that of the settings: sync = "gpodder" or "nextcloud", sync-server,\n'
        "and sync-user. A screen does it by itself, every half hour and soon after an episode.",
        examples=("sync", "sync status --json", "sync password"),
    )
    sync.set_defaults(run=podcast_commands.run_sync, action="now")
    actions = sync.add_subparsers(
        metavar="ACTION", dest="action", title="actions", description="without one: now"
    )
    add_command(actions, "now", "exchange everything now", common, data)
    add_command(actions, "status", "print the account, and what waits", common, data)
    password = add_command(actions, "password", "put the password into the keyring", common)
    password.add_argument("--stdin", action="store_true", help="read it from standard input")
    add_command(actions, "login", "log in at Nextcloud by your browser", common)
