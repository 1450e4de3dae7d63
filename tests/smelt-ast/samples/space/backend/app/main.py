"""No __init__.py anywhere: a namespace package, as its imports show."""
from app.db import query
from app import db


def ask(words: str) -> "db.Answer":
    return query(words)
