"""家医随访: family-doctor contracts and visits for a county. `create_app` is where the parts meet."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import config
from tracker import clock, database
from tracker.extensions import babel, compress, csrf, db, migrate
from tracker.i18n import choose_locale
from tracker.models.sealed import KeyRing, use_keys

ROOT = Path(config.__file__).resolve().parent


def create_app(settings: config.Settings | None = None) -> Flask:
    """A ready application. Without `settings` they come from the environment."""
    settings = settings or config.from_environment()
    app = Flask(
        "tracker",
        template_folder=str(ROOT / "templates"),
        static_folder=str(Path(__file__).parent / "static"),
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key or None,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE=settings.locale,
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=25 * 1024 * 1024,
    )
    clock.use_zone(settings.timezone)
    if settings.data_key_file.exists():
        use_keys(KeyRing.read(settings.data_key_file))
    _bind_extensions(app)
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=choose_locale)
    csrf.init_app(app)
    compress.init_app(app)
    with app.app_context():
        database.tune(db.engine)
