"""Static files as the build has compressed them, where the browser takes that."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

CODINGS = {"br": ".br", "gzip": ".gz"}


class Site(Flask):
    def send_static_file(self, filename: str) -> Response:
        folder = self.static_folder or ""
        for coding, ending in CODINGS.items():
            lies = safe_join(folder, filename + ending)
            if request.accept_encodings[coding] and lies is not None and Path(lies).is_file():
                response = send_from_directory(folder, filename + ending, mimetype=guess_type(filename)[0])
                response.content_encoding = coding
                response.vary.add("Accept-Encoding")
                return response
        return super().send_static_file(filename)
