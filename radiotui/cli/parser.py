"""Entry of the command line, and the one rule of its exit codes.

0: done. 1: a problem, or nothing found; stderr says which. 2: wrong usage.
130: interrupted. 141: who read the results closed them.
"""

from __future__ import annotations

import sys

from radiotui.cli.invocation import Arguments
from radiotui.cli.output import (
    DONE,
    FAILED,
    CommandFailedError,
    OutputError,
    drop,
    flush_results,
    prepare_output,
    print_note,
    write_note,
)
from radiotui.cli.screen_arguments import plain_arguments
from radiotui.problems import Problem
from radiotui.text import clean

INTERRUPTED = 130
READER_GONE = 141


def main(argv: list[str] | None = None) -> int:
    """Run radiotui; the exit code."""
    prepare_output()
    try:
        code = _run(argv)
        flush_results()
    except OutputError as error:
        drop(sys.stdout)
        if error.is_closed:
            return READER_GONE
        print_note(f"standard output cannot be written: {error}")
        return FAILED
    finally:
        write_note("")
    return code


def _run(argv: list[str] | None) -> int:
    ends_by_interrupt = False
    try:
        arguments = _read_arguments(sys.argv[1:] if argv is None else argv)
        ends_by_interrupt = arguments.ends_by_interrupt
        code: int = arguments.run(arguments)
    except SystemExit as end:  # of argparse: its help was printed, or the usage is wrong
        return end.code if isinstance(end.code, int) else FAILED
    except Problem as problem:
        print_note(problem)
        return FAILED
    except CommandFailedError:
        return FAILED
    except KeyboardInterrupt:
        return DONE if ends_by_interrupt else INTERRUPTED
    except OutputError:
        raise
    except Exception as error:
        _log(error)
        words = f"something unexpected went wrong: {type(error).__name__}: {error}"
        print_note(clean(words, 300))
        return FAILED
    return code


def _read_arguments(words: list[str]) -> Arguments:
    arguments = plain_arguments(words)
    if arguments is None:
        from radiotui.cli.usage import read_arguments

        arguments = read_arguments(words)
    return arguments


def _log(error: Exception) -> None:
    """Write the traceback of what nobody expected to the log."""
    import logging

    from radiotui.cli.log import log_to_file

    log_to_file()
    logging.getLogger(__name__).error("unexpected", exc_info=error)
