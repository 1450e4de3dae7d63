"""Where notes are kept: one SQLite file."""

import sqlite3
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Optional

from flask import current_app, g


class Color(Enum):
    """How a note is shown."""

    YELLOW = "yellow"
    BLUE = "blue"
    PINK = "pink"


@dataclass
class Note:
    """One note.

    Attributes are stored as they are given.
    """

    title: str
    text: str = ""
    color: Color = Color.YELLOW
    tags: list[str] = field(default_factory=list)
    id: Optional[int] = None


def connect():
    """The connection of this request, opened on first use."""
    if "notes" not in g:
        g.notes = sqlite3.connect(current_app.config["DATABASE"])
        g.notes.row_factory = sqlite3.Row
    return g.notes


def close(error=None):
    """Close the connection when the request ends."""
    connection = g.pop("notes", None)
    if connection is not None:
        connection.close()


def find_notes(words: str, limit: int = 20) -> list[Note]:
    """Find notes by words in their title or text.

    Args:
        words: What to look for; empty finds all.
        limit: The largest number of notes to return.

    Returns:
        The newest notes first.
    """
    rows = connect().execute(
        "SELECT id, title, text, color FROM note"
        " WHERE title || text LIKE ? ORDER BY id DESC LIMIT ?",
        (f"%{words}%", limit),
    )
    return [Note(row["title"], row["text"], Color(row["color"]), [], row["id"])
            for row in rows]


def load_note(note_id: int) -> Optional[Note]:
    """Read one note, or None when there is none."""
    row = connect().execute(
        "SELECT id, title, text, color FROM note WHERE id = ?", (note_id,)
    ).fetchone()
    if row is None:
        return None
    return Note(row["title"], row["text"], Color(row["color"]), [], row["id"])


def save_note(note: Note) -> int:
    """Store a new note and return its number."""
    values = asdict(note)
    connection = connect()
    cursor = connection.execute(
        "INSERT INTO note (title, text, color, written) VALUES (?, ?, ?, ?)",
        (values["title"], values["text"], note.color.value,
         datetime.now(timezone.utc).isoformat()),
    )
    connection.commit()
    return cursor.lastrowid


def delete_note(note_id: int) -> bool:
    """Remove a note for good; False when there was none."""
    connection = connect()
    done = connection.execute("DELETE FROM note WHERE id = ?", (note_id,))
    connection.commit()
    return done.rowcount > 0


def _migrate():
    connect().executescript("CREATE TABLE IF NOT EXISTS note (id INTEGER)")
