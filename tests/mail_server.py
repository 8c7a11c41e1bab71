"""A mail server on loopback: it keeps what it took, and refuses what a test names."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    sender: str
    recipients: tuple[str, ...]
    data: bytes


class MailServer(socketserver.ThreadingTCPServer):
    """`replies`: command (MAIL, RCPT, DATA, END for the end of the data) → replies in turn, then the usual one.

    An empty reply ends the connection without an answer. `login` is user and password, where the server requires one.
    """

    daemon_threads, allow_reuse_address = True, True

    def __init__(self, replies: Mapping[str, list[str]], login: tuple[str, str] | None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.replies = {name: list(each) for name, each in replies.items()}
        self.login, self.taken, self.lock = login, list[Taken](), threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def reply(self, command: str, usual: str) -> str:
        with self.lock:
            waiting = self.replies.get(command, [])
            return waiting.pop(0) if waiting else usual


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 mail.example ready")
        sender, recipients = "", list[str]()
        while line := self.rfile.readline().decode("ascii").strip():
            command, _, rest = line.partition(" ")
            usual = "250 ok"
            match command.upper():
                case "EHLO":
                    self.say("250-mail.example")
                    usual = "250 AUTH PLAIN" if self.server.login else "250 SIZE 50000000"
                case "AUTH":
                    given = tuple(base64.b64decode(rest.split()[-1]).decode().split("\0")[1:])
                    usual = "235 ok" if given == self.server.login else "535 wrong"
                case "MAIL":
                    sender, recipients = rest, []
                case "RCPT":
                    recipients.append(rest.partition(":")[2].strip(" <>"))
                case "DATA":
                    usual = "354 go ahead"
                case "QUIT":
                    self.say("221 bye")
                    return
            reply = self.server.reply(command.upper(), usual)
            if not reply:
                return
            self.say(reply)
            if command.upper() == "DATA" and reply.startswith("354") and not self.receive(sender, recipients):
                return

    def receive(self, sender: str, recipients: list[str]) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        with self.server.lock:
            self.server.taken.append(Taken(sender, tuple(recipients), b"".join(lines)))
        reply = self.server.reply("END", "250 taken")
        if reply:
            self.say(reply)
        return bool(reply)


@contextmanager
def mail_server(login: tuple[str, str] | None = None, **replies: list[str]) -> Iterator[MailServer]:
    server = MailServer(replies, login)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
