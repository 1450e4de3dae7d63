import attr


@attr.s(auto_attribs=True)
class Point:
    x: int
    y: int = 0


class Circle(Point):
    r: float
