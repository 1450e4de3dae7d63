from typing import Annotated, Optional

from fastapi import Body, Depends, FastAPI, Header, Path, Query

from . import users

app = FastAPI()
app.include_router(users.router, prefix="/v1")
app.include_router(users.router, prefix="/v2", dependencies=[Depends(users.token)])


@app.get("/")
async def root():
    """Say hello."""
    return {}


@app.get("/files/{name:path}")
def read_file(name: str, lines: int = Query(10, ge=1, le=100),
              x_trace: Optional[str] = Header(None)):
    return name


@app.post("/sum", status_code=201, response_model=list[int])
def add(a: Annotated[int, Body()], b: Annotated[int, Body()] = 2):
    return [a + b]


@app.api_route("/both/{n}", methods=["GET", "PUT"])
def both(n: Annotated[int, Path(ge=0)]):
    return n
