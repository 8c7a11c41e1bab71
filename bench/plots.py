"""The pictures: time against pages, memory against conversions. Without matplotlib it says that there are no pictures."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Draw = Callable[[Any], None]
Lines = Mapping[str, Sequence[tuple[float, float]]]
US = "#b3261e"
THEM = ("#1f77b4", "#2ca02c", "#ff7f0e", "#9467bd", "#17becf", "#7f7f7f", "#bcbd22", "#8c564b")
SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def save(file: Path, draw: Draw) -> bool:
    """Whether the picture was made."""
    if importlib.util.find_spec("matplotlib") is None:
        print(f"no {file.name}: matplotlib is not installed (bench/setup)", file=sys.stderr)
        return False
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    with pyplot.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = pyplot.subplots(figsize=(7.5, 4.6), dpi=110, layout="constrained")
        draw(axes)
        axes.grid(alpha=0.25)
        figure.savefig(file, metadata={"Software": None})
        pyplot.close(figure)
    return True


def time_against_pages(lines: Lines) -> Draw:
    """`lines`: who → (pages, seconds)."""

    def draw(axes: Any) -> None:
        axes.set_prop_cycle(color=THEM)
        for name, points in lines.items():
            style = {"color": US, "linewidth": 2.6, "zorder": 3} if name == "Colophon" else {"linewidth": 1.2}
            axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=name, **style)
        axes.set(xscale="log", yscale="log", xlabel="pages of our PDF", ylabel="seconds")
        pages = sorted({x for points in lines.values() for x, _ in points})
        low, high = axes.get_ylim()
        axes.set_xticks(pages, [f"{each:g}" for each in pages])
        axes.set_yticks(seconds := [each for each in SECONDS if low <= each <= high], [f"{each:g}" for each in seconds])
        axes.minorticks_off()
        axes.legend(frameon=False)

    return draw


def memory_against_conversions(lines: Lines, rates: Sequence[tuple[float, float]]) -> Draw:
    """`lines`: kind of process → (conversions, bytes); `rates`: (conversions, conversions a second), on an axis of its own."""

    def draw(axes: Any) -> None:
        for name, points in lines.items():
            style = {"color": US, "linewidth": 2} if name == "all" else {"linewidth": 1.1}
            axes.plot([x for x, _ in points], [y / 1e6 for _, y in points], label=name, **style)
        axes.set(xlabel="conversions", ylabel="MB (proportional set size)", ylim=(0, None), xlim=(0, None))
        right = axes.twinx()
        right.plot(*zip(*rates, strict=True), color="#888888", linewidth=0.8, linestyle=":", label="a second (right)")
        right.set(ylabel="conversions a second", ylim=(0, None))
        handles, labels = axes.get_legend_handles_labels()
        more, theirs = right.get_legend_handles_labels()
        axes.legend([*handles, *more], [*labels, *theirs], frameon=False, ncols=5, loc="lower center", bbox_to_anchor=(0.5, 1))

    return draw
