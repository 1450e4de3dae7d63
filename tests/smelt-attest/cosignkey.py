"""cosignkey.py PASSPHRASE <PKCS8-DER: the key as cosign would keep it."""

import base64
import hashlib
import json
import os
import struct
import sys

from cryptography.hazmat.primitives.poly1305 import Poly1305

COLUMNS = [(0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)]
ROWS = [(0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)]
WORD = 0xFFFFFFFF


def rotate(value, by):
    value &= WORD
    return (value << by | value >> (32 - by)) & WORD


def core(key, block):
    """State before and after twenty rounds of Salsa20."""
    k, n, c = struct.unpack("<8I", key), struct.unpack("<4I", block), struct.unpack("<4I", b"expand 32-byte k")
    start = [c[0], *k[:4], c[1], *n, c[2], *k[4:], c[3]]
    x = list(start)
    for _ in range(10):
        for a, b, c_, d in COLUMNS + ROWS:
            x[b] ^= rotate(x[a] + x[d], 7)
            x[c_] ^= rotate(x[b] + x[a], 9)
            x[d] ^= rotate(x[c_] + x[b], 13)
            x[a] ^= rotate(x[d] + x[c_], 18)
    return start, x


def secretbox(key, nonce, text):
    _, x = core(key, nonce[:16])
    sub = struct.pack("<8I", *(x[i] for i in (0, 5, 10, 15, 6, 7, 8, 9)))
    stream = b""
    while len(stream) < len(text) + 32:
        start, x = core(sub, nonce[16:] + struct.pack("<Q", len(stream) // 64))
        stream += struct.pack("<16I", *((a + b) & WORD for a, b in zip(start, x)))
    sealed = bytes(a ^ b for a, b in zip(text, stream[32:]))
    return Poly1305.generate_tag(stream[:32], sealed) + sealed


def text(data):
    return base64.b64encode(data).decode()


salt, nonce = os.urandom(32), os.urandom(24)
key = hashlib.scrypt(sys.argv[1].encode(), salt=salt, n=65536, r=8, p=1, maxmem=1 << 28, dklen=32)
box = {"kdf": {"name": "scrypt", "params": {"N": 65536, "r": 8, "p": 1}, "salt": text(salt)},
       "cipher": {"name": "nacl/secretbox", "nonce": text(nonce)},
       "ciphertext": text(secretbox(key, nonce, sys.stdin.buffer.read()))}
body = text(json.dumps(box, separators=(",", ":")).encode())
lines = [body[i:i + 64] for i in range(0, len(body), 64)]
print("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----", *lines, "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----", sep="\n")
