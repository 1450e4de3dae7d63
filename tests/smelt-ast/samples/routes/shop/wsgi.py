from shop import create_app

app = create_app()


@app.get("/late")
def late():
    return "late"
