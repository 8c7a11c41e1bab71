"""Spans: how long functions take, each without what the measured functions inside it take. No change of what is measured."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any


class Clock:
    """`spent`: seconds by name since `reset`. For one thread."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def reset(self) -> None:
        self.spent.clear()

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            began = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                seconds = time.perf_counter() - began
                self.spent[name] += seconds - self._inside.pop()
                if self._inside:
                    self._inside[-1] += seconds

        return timed


def find(target: str) -> tuple[Any, str, Callable[..., Any]]:
    """The owner, the attribute's name and the function of `module:path.to.function`.

    Raises ImportError or AttributeError, and TypeError for a generator: its time passes where it is consumed.
    """
    module, _, path = target.partition(":")
    *above, name = path.split(".")
    owner: Any = functools.reduce(getattr, above, importlib.import_module(module))
    function = getattr(owner, name)
    if inspect.isgeneratorfunction(function):
        raise TypeError(f"{target} is a generator")
    return owner, name, function


@contextlib.contextmanager
def watching(clock: Clock, spans: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Times the functions of `spans`: name → targets. Afterwards all is as it was."""
    with contextlib.ExitStack() as stack:
        for name, targets in spans.items():
            for target in targets:
                owner, attribute, function = find(target)
                timed = clock.wrapped(name, function)
                stack.callback(setattr, owner, attribute, vars(owner)[attribute])
                setattr(owner, attribute, staticmethod(timed) if inspect.ismethod(function) else timed)
        yield
