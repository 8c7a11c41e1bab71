"""Places go to the caller with the least recent use, to the same caller in the order of requests, and no place is lost."""

from __future__ import annotations

import threading
import time

from hypothesis import given
from hypothesis import strategies as st

from service.workers.fair_share import Usage
from service.workers.slots import PATIENCE, Slots, Turn
from tests.waiting import wait_for
from tests.workers.test_fair_share import Clock

CALLERS = ("a", "b", "c", "d")


class Line:
    """Slots with a stopped clock, and the order in which callers got a place."""

    def __init__(self, count: int = 1, most: int = 1_000) -> None:
        self.clock = Clock()
        self.usage = Usage(self.clock)
        self.slots = Slots(count, self.usage, most, self.clock)
        self.placed, self.refused = list[str](), list[str]()
        self.turns: dict[str, Turn] = {}

    def ask(self, name: str) -> None:
        """The caller is the first letter of `name`."""
        self.turns[name] = lambda has: (self.placed if has else self.refused).append(name)
        self.slots.ask(self.turns[name], name[0])

    def give_up(self, name: str) -> bool:
        return self.slots.withdraw(self.turns[name], name[0])

    def use(self, caller: str, seconds: float) -> None:
        self.usage.end(caller, self.usage.begin(caller), seconds)


def test_who_leaves_waits_behind_those_who_wait() -> None:
    slots, order = Slots(1), list[str]()
    assert slots.acquire(1)

    def wait(name: str) -> None:
        assert slots.acquire(30, "a")
        order.append(name)
        slots.release()

    threads = []
    for number, name in enumerate(("first", "second", "third"), 1):
        threads.append(threading.Thread(target=wait, args=(name,)))
        threads[-1].start()
        wait_for(lambda number=number: slots.waiting == number)  # type: ignore[misc]
    slots.release()
    wait("the one who left")
    for thread in threads:
        thread.join(30)
    assert order == ["first", "second", "third", "the one who left"]


def test_who_gives_up_takes_no_place_along() -> None:
    slots = Slots(1)
    assert slots.acquire(0)
    assert not slots.acquire(0.01)
    slots.release()
    assert slots.acquire(0)
    assert not slots.acquire(0)


def test_no_one_waits_long_next_to_others_that_come_and_go() -> None:
    slots, longest, done = Slots(2), list[float](), threading.Event()

    def work(caller: str) -> None:
        while not done.is_set():
            began = time.monotonic()
            assert slots.acquire(20, caller)
            longest.append(time.monotonic() - began)
            time.sleep(0.001)
            slots.release()

    threads = [threading.Thread(target=work, args=(CALLERS[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    done.set()
    for thread in threads:
        thread.join(30)
    assert len(longest) > 100 and max(longest) < 10


def test_a_flood_waits_behind_callers_with_less_use() -> None:
    line = Line()
    for number in range(20):
        line.ask(f"a{number}")
    line.use("a", 0.5)
    line.ask("b0")
    line.ask("b1")
    for _ in range(21):
        line.slots.release()
    assert line.placed == ["a0", "b0", "b1", *(f"a{number}" for number in range(1, 20))]


def test_equals_take_turns() -> None:
    line = Line()
    for name in ("a0", "a1", "a2", "a3", "b0", "b1", "b2"):
        line.ask(name)
    for _ in range(6):
        line.use(line.placed[-1][0], 1.0)
        line.slots.release()
    assert line.placed == ["a0", "b0", "a1", "b1", "a2", "b2", "a3"]


def test_who_has_a_call_under_way_waits_behind_who_has_none() -> None:
    line = Line()
    line.usage.begin("a")
    line.ask("a0")
    assert not line.slots.keeps_waiting("a")
    line.clock.now += 0.1
    line.ask("a1")
    line.ask("b0")
    assert line.slots.keeps_waiting("a")
    line.slots.release()
    assert line.placed == ["a0", "b0"]


def test_the_service_itself_comes_first_and_is_never_refused() -> None:
    line = Line(most=1)
    line.ask("a0")
    line.ask("a1")
    line.slots.ask(lambda has: line.placed.append(f"itself {has}"))
    line.ask("a2")
    assert line.refused == ["a2"]
    line.slots.release()
    assert line.placed == ["a0", "itself True"]


def test_where_no_more_may_wait_the_flood_is_refused() -> None:
    line = Line(most=4)
    for name in ("a0", "a1", "a2", "a3", "a4"):
        line.ask(name)
    assert line.slots.refuses("a") and not line.slots.refuses("b")
    for name in ("a5", "b0", "c0"):
        line.ask(name)
    assert line.refused == ["a5", "a4", "a3"]
    line.ask("a6")
    assert line.refused[-1] == "a6"
    line.use("b", 1.0)
    line.ask("d0")  # all have one in line but a, who has two
    line.ask("d1")
    assert line.refused[4:] == ["a2", "d1"]
    assert line.slots.waiting == 4


def test_among_equals_who_has_used_the_most_is_refused() -> None:
    line = Line(most=2)
    line.use("b", 5.0)
    for name in ("a0", "b0", "c0", "d0"):
        line.ask(name)
    assert line.refused == ["b0"]
    assert line.slots.refuses("b")


def test_no_one_is_passed_over_for_longer_than_patience() -> None:
    """New callers keep coming, and each has used nothing yet."""
    line = Line()
    line.use("z", 60.0)
    line.ask("y0")
    line.ask("z0")
    came = 0
    while "z0" not in line.placed:
        line.ask(f"{chr(0x4E00 + came)}")
        line.clock.now += 0.1
        line.slots.release()
        came += 1
        assert came < 1_000
    assert came * 0.1 <= PATIENCE + 0.2


STEPS = st.tuples(st.sampled_from(("ask", "ask", "leave", "give up")), st.sampled_from(CALLERS), st.floats(0, 5))


@given(st.integers(1, 3), st.integers(1, 5), st.lists(STEPS, max_size=60))
def test_whatever_happens_no_place_is_lost_and_none_given_twice(
    count: int, most: int, steps: list[tuple[str, str, float]]
) -> None:
    line, asked, left, gone = Line(count, most), list[str](), 0, list[str]()
    for what, caller, seconds in steps:
        waiting = [name for name in asked if name not in {*line.placed, *line.refused, *gone}]
        if what == "ask":
            asked.append(f"{caller}{len(asked)}")
            line.ask(asked[-1])
        elif what == "leave" and left < len(line.placed):
            line.use(caller, seconds)
            line.clock.now += seconds
            left += 1
            line.slots.release()
        elif what == "give up" and waiting:
            gone.append(waiting[0])
            assert line.give_up(gone[-1])
        held = len(line.placed) - left
        assert line.slots._free == count - held >= 0
        assert line.slots.waiting == len(asked) - len(line.placed) - len(line.refused) - len(gone) <= most
        assert not (line.slots._free and line.slots.waiting)
        assert set(line.slots._queues) == {name[0] for name in asked if name not in {*line.placed, *line.refused, *gone}}
    for caller in CALLERS:
        mine = [int(name[1:]) for name in line.placed if name[0] == caller]
        assert mine == sorted(mine)


def test_who_comes_again_is_not_counted_and_never_refused() -> None:
    line = Line(most=1)
    line.ask("a1")
    line.turns["b1"] = lambda has: (line.placed if has else line.refused).append("b1")
    line.slots.ask(line.turns["b1"], "b", again=True)
    assert line.slots.waiting == 0
    line.ask("c1")
    line.ask("d1")
    assert (line.slots.waiting, line.refused) == (1, ["d1"])
    assert line.slots.keeps_waiting("a")
    for _ in range(3):
        line.slots.release()
    assert line.placed == ["a1", "b1", "c1"]


def test_whether_someone_waits_who_has_used_much_less() -> None:
    line = Line()
    line.ask("a1")
    line.use("a", 5.0)
    line.use("b", 4.0)
    line.ask("b1")
    assert not line.slots.keeps_lighter_waiting("a", 2.0)
    line.ask("c1")
    assert line.slots.keeps_lighter_waiting("a", 2.0)
    assert not line.slots.keeps_lighter_waiting("c", 2.0)
