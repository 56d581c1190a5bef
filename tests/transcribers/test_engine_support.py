"""What both Whisper engines share."""

from __future__ import annotations

import subprocess
import sys

import pytest

FREED_MB = 150

SCRIPT = f"""
import ctypes, os
from radio_archive.transcribers.engine_support import give_back_memory
ctypes.CDLL(None).mallopt(-3, 1 << 30)  # as glibc does by itself: nothing is mapped apart
PAGE = os.sysconf("SC_PAGE_SIZE")
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * PAGE
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
pieces = [libc.malloc(1 << 20) for _ in range(2 * {FREED_MB})]
for piece in pieces:
    ctypes.memset(piece, 1, 1 << 20)
for piece in pieces[::2]:
    libc.free(piece)
before = resident()
give_back_memory()
print((before - resident()) >> 20)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc and glibc are Linux's")
def test_memory_between_pieces_that_are_kept_goes_back_to_the_system() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 0.9 * FREED_MB
