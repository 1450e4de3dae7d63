from functools import wraps

from flask import Blueprint, abort, request
from werkzeug.exceptions import Forbidden

more = Blueprint("more", __name__)
deep = Blueprint("deep", __name__, url_prefix="deep")
more.register_blueprint(deep)


def gate(view):
    @wraps(view)
    def inner(*args, **kw):
        if request.headers.get("X-Key") != "k":
            raise Forbidden
        return view(*args, **kw)
    return inner


@more.route("/one")
@gate
def one():
    if request.args.get("missing"):
        abort(404)
    return ""


@deep.before_request
def known():
    if "user" not in request.cookies:
        abort(401)


@deep.route("two")
def two():
    return ""


def register(app):
    @app.route("/registered/<string(length=2):code>")
    def registered(code):
        return code


def computed():
    return "/computed"


@more.route(computed())
def left_out():
    return ""
