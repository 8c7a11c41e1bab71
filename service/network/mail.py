"""A mail with artifacts, by the operator's own server (SMTP).

Kindle's gateway refuses EPUBs as application/octet-stream and mails without text (Calibre-Web-Automated#920), so each file
has its own media type and the mail a text. Message-ID, date and boundary are those of the delivery: a mail that is sent again,
because its end was not recorded, is the same mail to a server or program that looks for duplicates.
"""

from __future__ import annotations

import contextlib
import hashlib
import smtplib
import ssl
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from service.model.settings import Settings

ENCODED = 1.38  # bytes of base64 with its line ends for each byte of a file
HEAD = 4_000  # bytes of headers and text
UNUSABLE = "the mail server is unreachable or too slow"
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """`identifier` is that of the delivery; `name` that of the job, perhaps empty; `at` the end of the job."""

    identifier: str
    to: str
    name: str
    at: datetime
    files: Sequence[File]


@dataclass(frozen=True, slots=True)
class Sent:
    """250 if the server took the mail, else its status or None, and a reason without addresses or passwords."""

    status: int | None
    error: str = ""
    is_final: bool = False


def size_of(total: int) -> int:
    """The bytes of a mail whose files have `total` bytes."""
    return int(total * ENCODED) + HEAD


def message(mail: Mail, sender: str) -> EmailMessage:
    """The same bytes each time."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = sender, mail.to
    made["Subject"] = _line(mail.name or mail.files[0].name) or "Your files"
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.identifier}@{sender.rpartition('@')[2].strip('<> ')}>"
    made["Auto-Submitted"] = "auto-generated"
    names = "".join(f"- {_line(each.name)}\n" for each in mail.files)
    made.set_content(f"Your files are attached:\n\n{names}")
    for each in mail.files:
        kind, _, subtype = each.media_type.partition(";")[0].partition("/")
        made.add_attachment(each.data, maintype=kind, subtype=subtype or "octet-stream", filename=_line(each.name))
    made.set_boundary("=_" + hashlib.sha256(mail.identifier.encode()).hexdigest()[:32])
    return made


def _line(text: str) -> str:
    """The text as one line: a control character would end a header."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") else sign for sign in text)
    return " ".join(kept.split())[:LONGEST_SUBJECT]


def send(mail: Mail, settings: Settings, seconds: float) -> Sent:
    """One attempt; never raises."""
    made = message(mail, settings.mail_from)
    try:
        with _connected(settings, seconds) as server:
            server.send_message(made, settings.mail_from, [mail.to])
    except smtplib.SMTPRecipientsRefused as error:
        status = next(iter(error.recipients.values()))[0]
        return Sent(status, f"the mail server refused the recipient ({status})", is_final=status >= 500)
    except smtplib.SMTPAuthenticationError as error:
        return Sent(error.smtp_code, f"the mail server refused the login ({error.smtp_code})")
    except smtplib.SMTPResponseException as error:
        return Sent(error.smtp_code, f"the mail server answered {error.smtp_code}", is_final=error.smtp_code >= 500)
    except smtplib.SMTPNotSupportedError:
        return Sent(None, "the mail server does not offer what the settings require (encryption or login)")
    except (smtplib.SMTPException, OSError, ValueError):
        return Sent(None, UNUSABLE)
    return Sent(250)


@contextlib.contextmanager
def _connected(settings: Settings, seconds: float) -> Iterator[smtplib.SMTP]:
    """A server that is logged in to. What it says to QUIT does not matter: the mail was taken before."""
    context = ssl.create_default_context()
    if settings.mail_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.mail_host, settings.mail_port, timeout=seconds / 4, context=context)
    else:
        server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=seconds / 4)
    try:
        if settings.mail_security == "starttls":
            server.starttls(context=context)
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()
