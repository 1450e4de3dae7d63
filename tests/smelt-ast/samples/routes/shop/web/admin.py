from functools import wraps

from flask import Blueprint, request
from flask.views import MethodView
from flask_login import login_required

bp = Blueprint("admin", __name__, url_prefix="/admin")
second = Blueprint("second", __name__)
lost = Blueprint("lost", __name__, url_prefix="/lost")
VERBS = ["PUT", "PATCH"]


def roles_required(*roles):
    def wrap(view):
        @wraps(view)
        def inner(*args, **kw):
            return view(*args, **kw)
        return inner
    return wrap


@bp.before_request
@login_required
def only_known_people():
    pass


@bp.route("/users/<username>", methods=VERBS)
@roles_required("admin", "boss")
def change_user(username):
    return request.get_json()["email"]


@bp.route("/users/<username>", methods=["GET"])
def show_user(username):
    return username


@second.route("/second/<any(a, b):which>/<path:rest>")
def choose(which, rest):
    return which


@second.get("/optional")
@login_required
def optional():
    return ""


@lost.get("/never")
def never():
    return ""


class Thing(MethodView):
    """A thing."""

    decorators = [login_required]

    def get(self, key):
        """Read it."""
        return str(key)

    def delete(self, key):
        return "", 204

    def helper(self):
        return 1


class NotFlask:
    def get(self, path):
        return lambda f: f


client = NotFlask()


@client.get("/not/a/route")
def not_a_route():
    return ""
