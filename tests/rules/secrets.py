"""secrets.py DIR: write one file a rule of share/smelt/rules/secrets.

bad/RULE.txt holds a value that the rule must find, good/RULE.txt what it must
leave alone. The values are made here, from digests: none is in the repository
and none was ever in use.
"""
import base64
import hashlib
import os
import string
import sys

UPPER, LOWER = string.ascii_uppercase, string.ascii_lowercase
ALNUM = UPPER + LOWER + string.digits
HEX = "0123456789abcdef"
BASE32 = UPPER + "234567"
URL = ALNUM + "_-"
B64 = ALNUM + "+/"


def make(alphabet, n, seed):
    """n characters that look random, the same in every run"""
    out, block = [], seed.encode()
    while len(out) < n:
        block = hashlib.sha256(block).digest()
        out += [alphabet[b % len(alphabet)] for b in block]
    return "".join(out[:n])


def pem(kind):
    body = base64.encodebytes(make(ALNUM, 600, "pem").encode()).decode()
    dashes = "-" * 5
    return (f"{dashes}BEGIN {kind}{dashes}\n{body}{dashes}END {kind}{dashes}\n")


def rows():
    m = make
    yield "aws-access-key", "key = 'AKIA%s'" % m(BASE32, 16, "a"), "AKIA"
    yield ("aws-secret-key", "aws_secret_access_key = %s" % m(B64, 40, "b"),
           "aws_secret_access_key = '/run/secrets/aws/key-1'")
    yield "github-token", "t: ghp_%s" % m(ALNUM, 36, "c"), "ghp_" + "x" * 36
    yield ("github-fine-grained-token", "github_pat_%s_%s" % (
        m(ALNUM, 22, "d"), m(ALNUM, 59, "d2")), "github_pat_in_docs")
    yield "gitlab-token", "glpat-%s" % m(URL, 20, "e"), "glpat-yourtoken"
    yield ("slack-token", "xoxb-%s-%s" % (m(string.digits, 12, "f"),
           m(ALNUM, 24, "f2")), "xoxb-token")
    yield ("slack-webhook", "https://hooks.slack.com/services/T%s/B%s/%s" % (
        m(ALNUM, 8, "g"), m(ALNUM, 8, "g2"), m(ALNUM, 24, "g3")),
        "https://hooks.slack.com/services/")
    yield ("stripe-key", "sk_live_%s" % m(ALNUM, 24, "h"),
           "sk_live_" + "x" * 24)
    yield "stripe-test-key", "sk_test_%s" % m(ALNUM, 24, "i"), "sk_test_"
    yield "google-api-key", "AIza%s" % m(URL, 35, "j"), "AIzaExample"
    yield "google-oauth-secret", "GOCSPX-%s" % m(URL, 28, "k"), "GOCSPX-"
    yield ("openai-key", "sk-proj-%s" % m(ALNUM, 64, "l"),
           "sk-proj-your-key-here")
    yield ("anthropic-key", "sk-ant-api03-%s" % m(URL, 93, "m"),
           "sk-ant-api03-...")
    yield "npm-token", "npm_%s" % m(ALNUM, 36, "n"), "npm_config_cache"
    yield "pypi-token", "pypi-AgE%s" % m(URL, 90, "o"), "pypi-AgE"
    yield "twilio-key", "k = 'SK%s'" % m(HEX, 32, "p"), "SK" + m(HEX, 30, "p")
    yield ("sendgrid-key", "SG.%s.%s" % (m(URL, 22, "q"), m(URL, 43, "q2")),
           "SG.Core.Lib")
    yield "digitalocean-token", "dop_v1_%s" % m(HEX, 64, "r"), "dop_v1_"
    yield ("azure-storage-key", "AccountKey=%s==" % m(B64, 86, "s"),
           "AccountKey=<key>")
    yield ("heroku-key", "HRKU-%s" % m(URL, 56, "t"),
           "heroku_app: " + "-".join(m(HEX, n, "t") for n in (8, 4, 4, 4, 12)))
    yield "shopify-token", "shpat_%s" % m(HEX, 32, "u"), "shpat_token"
    yield ("telegram-bot-token", "%s:AA%s" % (m(string.digits[1:], 9, "v"),
           m(URL, 33, "v2")), "12:AA:BB:CC")
    yield ("discord-token", "DISCORD_TOKEN=M%s.%s.%s" % (
        m(ALNUM, 23, "w"), m(ALNUM, 6, "w2"), m(ALNUM, 27, "w3")),
        "discord.py==2.3.0")
    yield "mailgun-key", "key-%s" % m(HEX, 32, "x"), "key-value"
    yield ("datadog-key", "DD_API_KEY=%s" % m(HEX, 32, "y"),
           "DD_API_KEY=${DD_API_KEY}")
    yield "huggingface-token", "hf_%s" % m(UPPER + LOWER, 34, "z"), "hf_hub"
    yield "databricks-token", "dapi%s" % m(HEX, 32, "A"), "dapi"
    yield "vault-token", "hvs.%s" % m(URL, 95, "B"), "hvs.py"
    yield "atlassian-token", "ATATT3%s" % m(URL, 180, "C"), "ATATT3"
    yield ("private-key", pem("RSA PRIVATE KEY"),
           "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----")
    yield ("url-password", "postgres://app:%s@db.internal/x" % m(
        ALNUM, 14, "D"), "postgres://app:${PASSWORD}@db.internal/x\n"
        "https://user:password@localhost/")
    yield ("jwt", ".".join(("eyJ" + m(ALNUM, 30, "E"), "eyJ" + m(
        ALNUM, 60, "E2"), m(URL, 43, "E3"))), "eyJ.eyJ.x")
    yield ("generic-key", 'API_TOKEN = "%s"' % m(ALNUM, 40, "F"),
           'API_TOKEN = os.environ["API_TOKEN"]\ntoken = "your-token-here-1"\n'
           'tokenizer = "bert-base-uncased-v2.1"\n'
           'secret_name = "projects/app/secrets/db-1"')
    yield ("generic-password", "DB_PASSWORD=%s" % m(ALNUM, 12, "G"),
           'password = settings.db_password_2\n'
           'password = "changeme1234"\npassword_field = "user.password.1"\n'
           'PASSWORD = "${DB_PASSWORD1}"')


def main(top):
    for kind in "bad", "good":
        os.makedirs(os.path.join(top, kind))
    for rule, bad, good in rows():
        for kind, text in ("bad", bad), ("good", good):
            path = os.path.join(top, kind, rule + ".txt")
            with open(path, "w", encoding="utf-8") as stream:
                stream.write("first line\n" + text + "\nlast line\n")


main(sys.argv[1])
