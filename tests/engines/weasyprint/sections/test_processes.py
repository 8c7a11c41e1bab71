"""The queue of sections: the reader of a ticket takes the section, in another process too."""

from __future__ import annotations

import os
import threading

from service.engines.weasyprint.sections.processes import Queue


def test_sections_are_taken_in_their_order_and_then_no_more() -> None:
    queue = Queue()
    texts = ["a" * 100_000, "", "湖边的灯塔"]
    for text in texts:
        queue.put(text)
    queue.end()
    queue.end()
    assert [queue.take(), queue.take(), queue.take(), queue.take()] == [*enumerate(texts), None]
    assert queue.count == 3
    queue.close()


def test_each_is_taken_once_by_the_next_to_wait() -> None:
    queue, children = Queue(), []
    results, theirs = os.pipe()
    for _ in range(3):
        if (child := os.fork()) == 0:
            queue.end()
            while taken := queue.take():
                os.write(theirs, b"%d:%d " % (taken[0], len(taken[1])))
            os._exit(0)
        children.append(child)
    for number in range(50):
        queue.put("x" * number)
    queue.end()
    for child in children:
        os.waitpid(child, 0)
    found = os.read(results, 10_000).split()
    assert sorted(found) == sorted(b"%d:%d" % (number, number) for number in range(50))
    queue.close()


def test_one_that_waits_gets_what_comes_later() -> None:
    queue, found = Queue(), []
    waiting = threading.Thread(target=lambda: found.append(queue.take()))
    waiting.start()
    queue.put("late")
    waiting.join(10)
    assert found == [(0, "late")]
    queue.close()
