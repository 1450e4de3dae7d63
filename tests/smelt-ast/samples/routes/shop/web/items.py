from dataclasses import dataclass

from flask import Blueprint, request

bp = Blueprint("items", __name__, url_prefix="/replaced")


@dataclass
class Item:
    title: str
    count: int = 1


@bp.route("/", strict_slashes=False)
def listing():
    """List items.

    Args:
        page: Which page, from one.
        X-Language: Two letters.
    """
    page = request.args.get("page", 1, type=int)
    size = int(request.args["size"])
    tags = request.args.getlist("tag")
    lang = request.headers.get("X-Language", "en")
    sent = request.headers.get("Authorization")
    theme = request.cookies.get("theme")
    return [page, size, tags, lang, sent, theme]


@bp.post("/")
def add():
    item = Item(**request.get_json())
    return item.title


@bp.put("/<int:item_id>")
def change(item_id: int):
    """Change an item.

    :param item_id: Its number.
    :param title: What it is called from now on.
    """
    data = request.get_json(force=True) or {}
    title = data["title"]
    count = data.get("count", 1)
    data["seen"] = True
    return f"{title}{count}"


@bp.route("/<int:item_id>/photo", methods=["POST"])
def photo(item_id):
    request.files["photo"].save("/tmp/x")
    return request.form.get("caption", "")


@bp.route("/<float:price>")
def by_price(price):
    return str(price)
