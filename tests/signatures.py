"""Keys, certificates and a time stamp authority of the tests: an own CA, and a server on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

PASSWORD = "lamp oil"
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8


class Identity(NamedTuple):
    certificate: x509.Certificate
    key: Any


def identity(name: str, issuer: Identity | None = None, days: tuple[int, int] = (-1, 30), stamps: bool = False) -> Identity:
    """A key with its certificate, valid from `days[0]` to `days[1]` of today; without `issuer` a root."""
    key = rsa.generate_private_key(65_537, 2048) if stamps or issuer is None else ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer.certificate.subject if issuer else subject, subject, key.public_key(), x509.random_serial_number(),
        now + timedelta(days[0]), now + timedelta(days[1]),
    )  # fmt: skip
    builder = builder.add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
    signs = {"digital_signature": True, "content_commitment": True, "key_cert_sign": issuer is None, "crl_sign": issuer is None}
    others = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    builder = builder.add_extension(x509.KeyUsage(**signs, **dict.fromkeys(others, False)), critical=True)
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def as_pkcs12(path: Path, one: Identity, *chain: Identity, password: str = PASSWORD) -> Path:
    encryption = serialization.BestAvailableEncryption(password.encode())
    issuers = [each.certificate for each in chain]
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"key", one.key, one.certificate, issuers, encryption))
    return path


def as_pem(path: Path, one: Identity, password: str = "") -> Path:
    kind = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    path.write_bytes(one.key.private_bytes(PEM, PKCS8, kind))
    return path


def certificates(path: Path, *all_of: Identity) -> Path:
    path.write_bytes(b"".join(each.certificate.public_bytes(PEM) for each in all_of))
    return path


class Authority:
    """A time stamp authority (RFC 3161) by asn1crypto. `spoil` changes the response, or raises."""

    def __init__(self, signer: Identity) -> None:
        self.signer, self.requests = signer, 0
        self.spoil: Callable[[bytes], bytes] = lambda response: response

    def respond(self, query: bytes) -> bytes:
        self.requests += 1
        asked = tsp.TimeStampReq.load(query)
        info = tsp.TSTInfo({
            "version": "v1", "policy": "1.2.3.4", "message_imprint": asked["message_imprint"], "serial_number": self.requests,
            "gen_time": datetime.now(UTC).replace(microsecond=0), "nonce": asked["nonce"],
        })  # fmt: skip
        status = {"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": self._token(info.dump())}
        return self.spoil(bytes(tsp.TimeStampResp(status).dump()))

    def _token(self, content: bytes) -> Any:
        own = asn1_x509.Certificate.load(self.signer.certificate.public_bytes(DER))
        digest = algos.DigestAlgorithm({"algorithm": "sha256"})
        identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(own.dump()).digest()})
        attributes = cms.CMSAttributes([
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identifier]})]}),
        ])  # fmt: skip
        signature = self.signer.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
        signer = cms.SignerInfo({
            "version": "v1", "digest_algorithm": digest, "signed_attrs": attributes, "signature": signature,
            "sid": cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number}),
            "signature_algorithm": {"algorithm": "sha256_rsa"},
        })  # fmt: skip
        signed = cms.SignedData({
            "version": "v3", "digest_algorithms": [digest], "certificates": [own], "signer_infos": [signer],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        })  # fmt: skip
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})


@contextlib.contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """The address of the authority's server, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            body = authority.respond(query)
            self.send_response(200 if body else 500)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsa"
        finally:
            server.shutdown()
            thread.join()
