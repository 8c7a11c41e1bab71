"""The operator's key and certificates, from PKCS#12 or PEM. Imports pyHanko: `signing.py` imports it when it signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from service.model.errors import SigningUnavailable, TimeStampUnavailable
from service.model.settings import Settings

DIGEST = "sha256"
Stamp = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`name` is that of the certificate; `chain` are the certificates of its issuers."""

    private: Any
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        names = self.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.subject.rfc4514_string()

    def check(self, moment: datetime) -> None:
        """Raises SigningUnavailable if the certificate is not valid at `moment`."""
        if moment > self.certificate.not_valid_after_utc:
            day = f"{self.certificate.not_valid_after_utc:%Y-%m-%d}"
            raise SigningUnavailable(f"The service cannot sign: its certificate expired on {day}.")
        if moment < self.certificate.not_valid_before_utc:
            day = f"{self.certificate.not_valid_before_utc:%Y-%m-%d}"
            raise SigningUnavailable(f"The service cannot sign: its certificate is valid from {day}.")

    async def sign(self, digest: bytes, stamp: Stamp | None) -> bytes:
        """The CMS signature (DER) of a SHA-256 digest. Raises TimeStampUnavailable."""
        signer = SimpleSigner(
            signing_cert=_as_asn1(self.certificate),
            signing_key=keys.PrivateKeyInfo.load(_plain(self.private)),
            cert_registry=SimpleCertificateStore.from_certs(map(_as_asn1, self.chain)),
            embed_roots=False,
        )
        stamper = Stamper(stamp) if stamp else None
        made = await signer.async_sign(digest, DIGEST, use_pades=True, timestamper=stamper)
        return bytes(made.dump())


class Stamper(TimeStamper):  # type: ignore[misc, unused-ignore]
    """pyHanko's requests of time stamps, sent by `stamp`."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()
        self._stamp = stamp

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """Raises TimeStampUnavailable if the response is not valid, or is for other data."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            stamped = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]["hashed_message"].native
        except (TimestampRequestError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimeStampUnavailable("The time stamp authority refused, or its response is not valid.") from error
        if stamped != message_digest:
            raise TimeStampUnavailable("The time stamp authority stamped another digest.")
        return token

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._stamp(req.dump()), strict=True)


def load(settings: Settings) -> SigningKey:
    """Raises SigningUnavailable if the key cannot be read, or has no certificate."""
    password = settings.sign_password.encode() or None
    try:
        data = Path(settings.sign_key).read_bytes()
        others = Path(settings.sign_certificates).read_bytes() if settings.sign_certificates else b""
        private, found = _of_pem(data, password) if b"-----BEGIN" in data else _of_pkcs12(data, password)
        found = [*found, *(x509.load_pem_x509_certificates(others) if others else ())]
    except OSError as error:
        raise SigningUnavailable("The service cannot sign: a file of its key cannot be read.") from error
    except (ValueError, TypeError) as error:
        text = "The service cannot sign: the password of its key is wrong, or a file of it is damaged."
        raise SigningUnavailable(text) from error
    own = [each for each in found if _public(each.public_key()) == _public(private.public_key())]
    if not own:
        raise SigningUnavailable("The service cannot sign: no certificate belongs to its key.")
    return SigningKey(private, own[0], tuple(each for each in found if each != own[0]))


def _of_pem(data: bytes, password: bytes | None) -> tuple[Any, Iterable[x509.Certificate]]:
    certificates = x509.load_pem_x509_certificates(data) if b"BEGIN CERTIFICATE" in data else []
    return serialization.load_pem_private_key(data, password), certificates


def _of_pkcs12(data: bytes, password: bytes | None) -> tuple[Any, Iterable[x509.Certificate]]:
    private, certificate, others = pkcs12.load_key_and_certificates(data, password)
    if private is None:
        raise ValueError("no private key")
    return private, [*([certificate] if certificate else []), *others]


def _public(key: Any) -> bytes:
    return bytes(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


def _plain(key: Any) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption()))


def _as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
