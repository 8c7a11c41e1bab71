"""The cost of processes, on a process with a known cost."""

from __future__ import annotations

import os
import subprocess
import sys

from bench import measure

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "data = bytearray(30_000_000); print(1, flush=True); input()"])
child.wait()
"""


def test_a_tree_and_its_memory() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe) as process:
        assert process.stdout and process.stdin
        process.stdout.readline()
        found = measure.tree(process.pid)
        assert len(found) == 2
        assert process.pid in measure.children(os.getpid())
        assert "bytearray" in measure.command(found[1])
        assert 30_000_000 < measure.memory(found) < 100_000_000
        with measure.peak(lambda: [process.pid], interval=0.005) as seen:
            while not seen.most:
                pass
        process.stdin.write(b"\n")
        process.stdin.close()
    assert seen.most > 30_000_000
    assert measure.resident(process.pid) == measure.open_files(process.pid) == 0
    assert measure.command(process.pid) == ""


def test_time_of_ended_children_counts() -> None:
    before = measure.cpu([os.getpid()])
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.2: pass"], check=True)
    assert round(measure.cpu([os.getpid()]) - before, 3) >= 0.19  # the kernel counts in hundredths
