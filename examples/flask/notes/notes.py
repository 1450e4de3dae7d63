"""The notes themselves, over HTTP."""

from dataclasses import asdict

from flask import Blueprint, abort, jsonify, request

from .accounts import token_required
from .storage import (Color, Note, delete_note, find_notes, load_note,
                      save_note)

pages = Blueprint("notes", __name__)


@pages.route("/")
def list_notes():
    """List notes, the newest first.

    Finds notes that hold the words of the query, or all of them.

    Args:
        q: Words to look for in title and text; empty finds all notes.
        limit: The largest number of notes to return.
    """
    words = request.args.get("q", "")
    limit = request.args.get("limit", 20, type=int)
    return jsonify([asdict(note) for note in find_notes(words, limit)])


@pages.route("/<int:note_id>")
def get_note(note_id):
    """Read one note, with its text and color.

    :param note_id: Number of the note, as the list gives it.
    """
    note = load_note(note_id)
    if note is None:
        abort(404)
    return jsonify(asdict(note))


@pages.post("/")
@token_required
def add_note():
    """Write a new note.

    Answers with the number of the note.

    Args:
        title: What the note is called, on one line.
        text: The note itself.
        color: How the note is shown.
    """
    data = request.get_json()
    note = Note(data["title"], data.get("text", ""),
                Color(data.get("color", "yellow")))
    return jsonify(id=save_note(note)), 201


@pages.delete("/<int:note_id>")
@token_required
def remove_note(note_id):
    """Delete a note for good.

    :param note_id: Number of the note, as the list gives it.
    """
    if not delete_note(note_id):
        abort(404)
    return "", 204


@pages.route("/old-search", methods=["GET", "POST"])
def old_search():
    """Search notes.

    .. deprecated:: 1.1
        Use the list of notes with ``q``.
    """
    return list_notes()
