"""The server that the tests of ``fetch`` reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from tests.support.station import Station


@pytest.fixture
def station() -> Iterator[Station]:
    server = Station()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
