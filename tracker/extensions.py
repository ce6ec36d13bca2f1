"""Flask extensions, made once and bound to an application by its factory."""

from __future__ import annotations

from flask_babel import Babel
from flask_compress import Compress
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from tracker.models import Base

db = SQLAlchemy(metadata=Base.metadata)
babel = Babel()
csrf = CSRFProtect()
compress = Compress()
