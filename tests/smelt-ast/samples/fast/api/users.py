from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, Field

token = OAuth2PasswordBearer(tokenUrl="token")
router = APIRouter(prefix="/users", tags=["users"])


class User(BaseModel):
    """A user."""

    name: str = Field(min_length=1)
    age: int | None = None


def page(limit: int = 20, offset: int = 0):
    return limit, offset


def get_current_user(key: str = Depends(token)) -> User:
    return User(name=key)


Me = Annotated[User, Depends(get_current_user)]


@router.get("/me")
def myself(me: Me, verbose: bool = False) -> User:
    return me


@router.get("", response_model=list[User])
def list_users(where: tuple = Depends(page)):
    return []


@router.post("/")
def add_user(user: User, me: User = Depends(get_current_user)) -> User:
    """Add a user."""
    return user


@router.put("/{user_id}/photo")
async def photo(user_id: int, photo: UploadFile, caption: str = Form("")):
    return caption
