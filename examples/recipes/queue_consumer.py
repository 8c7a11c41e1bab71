"""Takes orders from a Redis list, lets Colophon convert them, and leaves the files in a folder.

    redis-cli LPUSH articles '{"id": "42", "file": "/archive/42.md", "to": ["epub"]}'
    REDIS_URL=redis://localhost:6379/0 COLOPHON_URL=http://localhost:8080 OUT=/books python queue_consumer.py

An order is in `articles:doing` until it is done: if the consumer is killed, the next start
takes it up again. An order that cannot be converted goes to `articles:failed` with its problem. Each consumer has its own list
`doing`: give further consumers another NAME.
"""

import json
import os
import signal
import time
from pathlib import Path

import redis

from colophon_client import Client, Problem, Unreachable

WAITING, FAILED = "articles", "articles:failed"
DOING = f"articles:doing{os.environ.get('NAME', '')}"


def convert(client, order, out):
    """Files in a folder of the order's own; the same order again writes the same files."""
    return client.convert_to(order["file"], order["to"], out / str(order["id"]), **order.get("options", {}))


def main():
    queue = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
    out, stopped = Path(os.environ["OUT"]), []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    while queue.lmove(DOING, WAITING, "LEFT", "RIGHT"):
        pass  # what an earlier run did not end comes first
    with Client(os.environ["COLOPHON_URL"], key=os.environ.get("COLOPHON_KEY", "")) as client:
        while not stopped:
            text = queue.blmove(WAITING, DOING, timeout=1, src="RIGHT", dest="LEFT")
            if text is None:
                continue
            try:
                for saved in convert(client, json.loads(text), out):
                    print(saved.path, len(saved.notices), "notices", flush=True)
            except (Problem, OSError, ValueError, TypeError, KeyError) as error:
                if isinstance(error, Unreachable) or getattr(error, "retryable", False):
                    print("waiting:", error, flush=True)  # the client has tried for a while already
                    queue.lmove(DOING, WAITING, "LEFT", "RIGHT")
                    time.sleep(5)
                    continue
                reported = {"order": text, "code": getattr(error, "code", "no-order"), "detail": str(error)}
                queue.lpush(FAILED, json.dumps(reported))
            queue.lrem(DOING, 1, text)


if __name__ == "__main__":
    main()
