# Samples for the rules beside: what follows `ruleid:` must be found, what
# follows `ok:` must not.
import tempfile

# ruleid: py-mktemp
path = tempfile.mktemp()

# ok: py-mktemp
handle, path = tempfile.mkstemp()

import os

# ruleid: py-chmod-all
os.chmod('run.sh', 0o777)

# ok: py-chmod-all
os.chmod('run.sh', 0o755)

import requests

# ruleid: py-request-timeout
requests.get('https://a.example')

# ok: py-request-timeout
requests.get('https://a.example', timeout=10)

import logging


def login(user, password):
    # ruleid: py-log-secret
    logging.info('login of %s with %s', user, password)
    # ruleid: py-log-secret
    print(f'password: {password}')

# ok: py-log-secret
logging.info('login of %s', user)

# ok: py-log-secret
print('password:')

from lxml import etree
from xml.dom.minidom import parseString

# ruleid: py-xml-entities
parser = etree.XMLParser(resolve_entities=True)
# ruleid: py-xml-entities
document = parseString(text)

# ok: py-xml-entities
safe = etree.XMLParser(resolve_entities=False)
