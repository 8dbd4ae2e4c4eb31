"""Words of the player for a stream that is heard later than it is sent."""

import pytest

from radiotui.player.state import StreamSource
from tests.ui.stage import NOW, playing


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_a_delay_is_said(radio, size):
    source = StreamSource("knau", "news", "KNAU", "", 3 * 3600.0)
    async with radio(*size) as r:
        late = playing(
            source=source, live=False, position=100.0, behind=10804.0, tape_end=10904.0,
            heard_at=NOW,
        )  # fmt: skip
        await r.tell(late)
        assert "◀ DELAYED 3h" in r.player
        assert "BEHIND" not in r.player
