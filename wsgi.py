"""The application for WSGI servers and for `flask --app wsgi`, with the commands of `tracker`."""

from tracker import create_app
from tracker.cli import LazyGroup

app = create_app()
app.cli = LazyGroup(name="tracker")
