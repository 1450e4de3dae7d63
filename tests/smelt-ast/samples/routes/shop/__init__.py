"""Every way to make a route that smelt-ast should know."""

from flask import Flask

from .web import admin, items as item_pages
from .web.extra import more, register

API = "/api"


def create_app(config=None):
    app = Flask(__name__)
    register_all(app)
    item_pages.bp.register_blueprint(more, url_prefix="/more")
    app.register_blueprint(item_pages.bp, url_prefix=API + "/items")
    for pages in (admin.bp, admin.second):
        app.register_blueprint(pages)

    @app.route("/")
    @app.route("/index.html")
    def index():
        return "hello"

    @app.before_request
    def look():
        """Nobody is turned away."""

    return app


def register_all(application: Flask):
    register(application)
    application.add_url_rule("/ping", view_func=ping, methods=("GET", "POST"))
    application.add_url_rule(f"{API}/things/<uuid:key>",
                             view_func=admin.Thing.as_view("thing"))


def ping():
    return "pong"


unused = Flask("other")
