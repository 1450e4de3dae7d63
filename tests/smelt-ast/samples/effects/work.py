"""One function for each effect, and some that only look like it."""

import logging
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess as sp
import time
from datetime import datetime
from os import environ
from subprocess import run as start

import requests as rq
from flask_mail import Mail

log = logging.getLogger(__name__)
session = rq.Session()
QUERY = "SELECT * FROM t"


def net():
    rq.get("https://example.org")
    session.post("https://example.org", json={}).json()


def mails(message):
    Mail().send(message)
    sp.Popen("ls").stdout.close()


def reads(path, mode):
    with open(path) as file, open("b", "rb"):
        file.read()
    os.listdir(".")
    pathlib.Path("x").read_text()
    open(path, mode)


def writes():
    open("a", "w")
    open("b", mode="r+")
    shutil.rmtree("c")
    pathlib.Path("x").write_text("y")


def proc():
    start(["ls"])
    sp.Popen("ls")
    os.system("ls")
    eval("1")


def db_read(conn):
    conn.execute(QUERY)
    conn.execute("  -- why\n  WITH a AS (SELECT 1) SELECT * FROM a")


def db_write(conn, table):
    conn.execute(f"DELETE FROM {table}")
    conn.execute("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a")
    conn.executescript("SELECT 1; DROP TABLE t")
    conn.commit()


def db_unknown(cursor, text):
    cursor.execute(text)


def env():
    os.getenv("HOME")
    return environ["LANG"]


def secret():
    os.environ.get("API_TOKEN")
    open("/home/me/.ssh/id_rsa")


def clock():
    time.time()
    return datetime.now()


def dice():
    return random.choice([1, 2])


def logs():
    log.info("x")
    print("y")


def nothing(open, rq):
    open("w", "w")
    rq.get("x")
    {}.get("a")
    return [x.execute for x in ()]


class Store:
    table = "t"

    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def rows(self):
        return self.db.execute("SELECT * FROM t").fetchall()

    def clear(self):
        self.db.execute("DELETE FROM " + self.table)


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    os.remove("x")
    return even(n - 1)


def through(store: Store):
    Store("x")
    store.clear()

    def inner():
        net()

    return inner


def logged(view):
    def wrapper():
        log.warning("called")
        return view()
    return wrapper


@logged
def decorated():
    return 1
