"""Pickle, with forms for what moto keeps and pickle alone refuses: locks and private keys."""

import io
import pickle
import threading
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

LOCK, REENTRANT = type(threading.Lock()), type(threading.RLock())


def private_key(pem: bytes) -> Any:
    """The key that `Pickler` wrote: by a name of ours, for the library's own cannot be imported by pickle."""
    return load_pem_private_key(pem, None)


class Pickler(pickle.Pickler):
    """Writes a lock as a free one, and a private key as PEM."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, LOCK):
            return threading.Lock, ()
        if isinstance(value, REENTRANT):
            return threading.RLock, ()
        if isinstance(value, RSAPrivateKey | EllipticCurvePrivateKey):
            pem = value.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            return private_key, (pem,)
        return NotImplemented


def pickled(value: object) -> bytes:
    """Raises TypeError, AttributeError or pickle.PicklingError for what has no form."""
    target = io.BytesIO()
    Pickler(target, pickle.HIGHEST_PROTOCOL).dump(value)
    return target.getvalue()
