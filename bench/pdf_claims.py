"""Whether PDFs hold what they claim, on articles with the faults of real ones: `python -m bench.pdf_claims [NUMBER]`.

Each mutated article is converted in each variant. Each claim of its file is checked by veraPDF: 0 may be false.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.results import Results, made
from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.model.settings import Settings
from service.pipeline import steps
from tests.writers import mutated_articles
from tests.writers.test_pdf_claims import profiles_of
from tests.writers.test_pdf_variants import failures

VARIANTS = ("", "pdf/ua-2", "pdf/a-2a+ua-1", "pdf/a-3u+ua-1", "pdf/a-4f+ua-2")
NUMBER = 500
BATCH = 100  # claims checked by one Java machine
COLUMNS = ("variant", "runs", "claims", "false", "total", "bytes")


def converted(variant: str, number: int, engines: Engines, folder: Path) -> Iterator[Path]:
    for seed in range(number):
        recipe = options.load(("pdf",), {**mutated_articles.options_of(seed), "pdf_variant": variant})
        source = mutated_articles.article(seed, undescribed=seed % 5 == 0)
        path = folder / f"{seed}.pdf"
        path.write_bytes(steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines).data)
        yield path


def measure(variant: str, number: int, engines: Engines) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="colophon-claims-") as folder:
        began = time.monotonic()
        files = list(converted(variant, number, engines, Path(folder)))
        seconds = time.monotonic() - began
        size = sum(path.stat().st_size for path in files)
        claims = [f"{profile}={path}" for path in files for profile in profiles_of(path.read_bytes())]
        broken: Counter[str] = Counter()
        wrong = 0
        for start in range(0, len(claims), BATCH):
            for found in failures(claims[start : start + BATCH]).values():
                wrong += bool(found)
                broken.update(found)
    for rule, count in broken.most_common():
        print(f"  {count} × {rule}")
    shown = variant or "none"
    return {"variant": shown, "runs": number, "claims": len(claims), "false": wrong, "total": seconds, "bytes": size // number}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then too
    number = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER
    origin = made("python -m bench.pdf_claims")
    with tempfile.TemporaryDirectory(prefix="colophon-claims-") as folder:
        settings = Settings(data_dir=folder, workers=1)
        pandoc = Pandoc(settings)
        try:
            engines = Engines(pandoc=pandoc, settings=settings)
            rows = [measure(variant, number, engines) for variant in VARIANTS]
        finally:
            pandoc.close()
    notes = [f"{number} articles from seeds: pictures without a description, levels skipped, tables without heads, and more."]
    Results().save("pdf_claims", "Claims of PDF files, by veraPDF", columns=COLUMNS, rows=rows, notes=notes, made=origin)
    for row in rows:
        print(f"{row['variant']}: {row['claims']} claims, {row['false']} false")
    if any(row["false"] for row in rows):
        raise SystemExit("A file claims what does not hold.")


if __name__ == "__main__":
    main()
