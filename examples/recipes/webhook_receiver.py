"""Receives Colophon's webhooks, believes those that are signed, and fetches the archive of the job that they tell of.

WEBHOOK_SECRET=whsec_… COLOPHON_URL=http://localhost:8080 OUT=/books PORT=9090 python webhook_receiver.py
"""

import os
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

from colophon_client import Client

MOST = 100_000  # bytes of a message
WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
OUT, URL = Path(os.environ["OUT"]), os.environ["COLOPHON_URL"]
ended = queue.SimpleQueue()  # ids of jobs; a real one is kept on the disk: a 204 is final


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST))
        try:
            said = WEBHOOK.verify(body, dict(self.headers.items()))
        except WebhookVerificationError:
            self.answer(401)
            return
        ended.put(said["data"]["id"])
        self.answer(204)  # at once: a slow answer is delivered again

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


def fetch():
    """A message may come twice: a file that is there is not fetched again."""
    with Client(URL, key=os.environ.get("COLOPHON_KEY", "")) as client:
        while True:
            path = OUT / f"{ended.get()}.zip"
            if not path.exists():
                print(client.archive(path.stem, path), flush=True)


if __name__ == "__main__":
    threading.Thread(target=fetch, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9090"))), Receiver).serve_forever()
