"""Who may write: tokens in the Authorization header."""

import functools
import hmac
import os

from flask import Blueprint, abort, jsonify, request

pages = Blueprint("accounts", __name__, url_prefix="/accounts")


def token_required(view):
    """Let a view run only for callers with the right token."""

    @functools.wraps(view)
    def guarded(*args, **kwargs):
        sent = request.headers.get("Authorization", "")
        expected = "Bearer " + os.environ["NOTES_TOKEN"]
        if not hmac.compare_digest(sent, expected):
            abort(401)
        return view(*args, **kwargs)

    return guarded


@pages.get("/me")
@token_required
def whoami():
    """Tell the caller that the token is good."""
    return jsonify(name="owner")


@pages.route("/feedback", methods=["POST"])
def feedback():
    """Leave a message for the people who run the service.

    Args:
        message: What they should know.
        stars: How content the writer is, from 1 to 5.
    """
    message = request.form["message"]
    stars = request.form.get("stars", 5, type=int)
    with open("feedback.txt", "a", encoding="utf-8") as log:
        log.write(f"{stars} {message!r}\n")
    return "", 204
