# Samples for the rules beside: what follows `ruleid:` must be found, what
# follows `ok:` must not.
import hashlib


def digest(data):
    # ruleid: py-weak-hash
    hashlib.new('md5', data)
    # ruleid: py-weak-hash
    return hashlib.md5(data).hexdigest()

# ok: py-weak-hash
hashlib.sha256(data)

# ok: py-weak-hash
hashlib.md5(data, usedforsecurity=False)

from Crypto.Cipher import AES, DES


def encrypt(key, data):
    # ruleid: py-weak-cipher
    DES.new(key).encrypt(data)
    # ruleid: py-weak-cipher
    return AES.new(key, AES.MODE_ECB).encrypt(data)

# ok: py-weak-cipher
AES.new(key, AES.MODE_GCM)

import ssl

import requests

# ruleid: py-tls-verify-off
requests.get('https://a.example', verify=False, timeout=3)
# ruleid: py-tls-verify-off
context = ssl._create_unverified_context()
# ruleid: py-tls-verify-off
context.verify_mode = ssl.CERT_NONE

# ok: py-tls-verify-off
requests.get('https://a.example', timeout=3)

import jwt


def user(token, key):
    # ruleid: py-jwt-unverified
    jwt.decode(token, options={'verify_signature': False})
    # ruleid: py-jwt-unverified
    return jwt.decode(token, key, algorithms=['HS256', 'none'])

# ok: py-jwt-unverified
jwt.decode(token, key, algorithms=['HS256'])

import random

# ruleid: py-random-secret
session_token = ''.join(random.choice('abc') for _ in range(20))

# ok: py-random-secret
colour = random.choice(['red', 'blue'])

# ruleid: py-secret-key
app.secret_key = 'development'

# ruleid: py-secret-key
app.config['SECRET_KEY'] = 'x'

# ok: py-secret-key
app.secret_key = os.environ['SECRET_KEY']

import paramiko

client = paramiko.SSHClient()
# ruleid: py-ssh-any-host
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())

# ok: py-ssh-any-host
client.set_missing_host_key_policy(paramiko.RejectPolicy())
