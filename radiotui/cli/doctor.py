"""Command ``doctor``: checks of everything that radiotui stands on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from radiotui import __version__, text
from radiotui.cli.findings import Finding, examine
from radiotui.cli.output import DONE, FAILED, print_json, print_result

if TYPE_CHECKING:
    from radiotui.app.companion import Companion

_COLUMNS = 22


async def doctor(companion: Companion, *, as_json: bool) -> int:
    """Check everything and print the findings; 1 where something is broken."""
    version = f"{__version__}, Python {sys.version.split()[0]}"
    findings = [Finding("radiotui", True, True, version), *await examine(companion)]
    if as_json:
        print_json([finding.shape for finding in findings])
    else:
        for finding in findings:
            _print(finding)
    return FAILED if any(finding.is_broken for finding in findings) else DONE


def _print(finding: Finding) -> None:
    sign = "ok" if finding.works else "!!" if finding.needed else "--"
    print_result(f"{sign}  {text.fit(finding.subject, _COLUMNS)}  {finding.report}")
    if not finding.works and finding.remedy:
        print_result(f"    {' ' * _COLUMNS}  {finding.remedy}")
