# Samples for the rules beside: what follows `ruleid:` must be found, what
# follows `ok:` must not.
import pickle
from pickle import load
import pandas as pd


def read(stream, data):
    # ruleid: py-pickle
    load(stream)
    # ruleid: py-pickle
    pd.read_pickle(stream)
    # ruleid: py-pickle
    return pickle.loads(data)

import json


def read_json(data):
    # ok: py-pickle
    return json.loads(data)

# ok: py-pickle
pickle.dumps(data)

import yaml
from yaml import SafeLoader


def config(text):
    # ruleid: py-yaml-load
    yaml.load(text, Loader=yaml.Loader)
    # ruleid: py-yaml-load
    return yaml.load(text)

# ok: py-yaml-load
yaml.safe_load(text)

# ok: py-yaml-load
yaml.load(text, Loader=yaml.SafeLoader)

# ok: py-yaml-load
yaml.load(text, Loader=SafeLoader)

import tarfile


def unpack(path, to):
    with tarfile.open(path) as archive:
        # ruleid: py-tar-extract
        archive.extractall(to)

def unpack_safely(path, to):
    with tarfile.open(path) as archive:
        # ok: py-tar-extract
        archive.extractall(to, filter='data')
