"""Docstrings in the three styles."""


def google(a, b=2, *args, **kw):
    """Do it the Google way.

    More text,
    in two lines.

    Args:
        a (int): The first,
            on two lines.
        b (list of str, optional): The second.
        *args: The others.

    Returns:
        dict: What came out.

    Raises:
        ValueError: Never.
    """


def numpy(a, b):
    """Do it the NumPy way.

    Parameters
    ----------
    a : int
        The first.
    b : str or None, optional
        The second.

        With a paragraph.

    Returns
    -------
    bool
        Whether it worked.

    See Also
    --------
    google
    """


def rest(a, b):
    """Do it by :term:`reST`.

    :param int a: The first,
        on two lines.
    :param b: The second.
    :type b: str
    :returns: The :class:`Result`.
    :rtype: float
    """


def plain():
    """One line."""


def none():
    return 1


class Box:
    """A box."""

    def open(self, key: str) -> None:
        """Open it."""

    @staticmethod
    def make(n: int) -> "Box":
        """Make one."""

    @classmethod
    def load(cls, path):
        """Read one.

        Arguments:
            path: Where it is.
        """

    @property
    def size(self) -> int:
        return 1

    class Lid:
        def lift(self):
            """Lift it."""
