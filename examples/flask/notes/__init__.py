"""A small notes service: people write notes, tag them and search them."""

from flask import Flask

from . import accounts, notes, storage


def create_app(database="notes.db"):
    """Make the application with its blueprints."""
    app = Flask(__name__)
    app.config["DATABASE"] = database
    app.teardown_appcontext(storage.close)
    app.register_blueprint(notes.pages, url_prefix="/api/notes")
    app.register_blueprint(accounts.pages)

    @app.get("/health")
    def health():
        """Say whether the service is up."""
        return {"status": "ok"}

    return app
