from flask import Blueprint

more = Blueprint("more", __name__)
deep = Blueprint("deep", __name__, url_prefix="deep")
more.register_blueprint(deep)


@more.route("/one")
def one():
    return ""


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
