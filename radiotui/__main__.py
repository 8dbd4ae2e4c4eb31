"""``radiotui`` and ``python -m radiotui``: the process, from its first line to its end."""

import sys
from os import _exit as exit_at_once

from radiotui.cli.parser import main


def run() -> None:
    """Run radiotui and end the process with its exit code, without Python's finalisation.

    Threads may be left that wait for a resolver, a disk or a sound driver, or load a library.
    Python would take the modules away under them, and now and then the process would end by a
    signal. By now the services are closed, and results and notes are written.
    """
    code = main()
    if logging := sys.modules.get("logging"):  # not imported where nothing was logged
        logging.shutdown()
    exit_at_once(code)


if __name__ == "__main__":
    run()
