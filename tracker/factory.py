"""Where the parts of the application meet: a bare one for commands and jobs, the whole one for the server."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from tracker import clock, database, i18n, journal
from tracker.drain import ReadToTheEnd
from tracker.extensions import babel, compress, csrf, db
from tracker.i18n import choose_locale
from tracker.models.sealed import KeyRing, use_keys
from tracker.static_files import Site

ROOT = Path(config.__file__).resolve().parent
PACKAGE = Path(__file__).resolve().parent


def build(settings: config.Settings) -> Flask:
    """A ready application with every page, call and guard in place."""
    from tracker import access, api, headers, logs, problem, sessions, web  # commands do without them

    app = bare(settings, web=True)
    if settings.secure:
        # Only a proxy on this host ends https; it says where the browser is.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    csrf.init_app(app)
    compress.init_app(app)
    for part in (logs, sessions, access, problem, headers, web, api):
        part.bind(app)
    access.check(app)
    app.wsgi_app = ReadToTheEnd(app.wsgi_app)  # type: ignore[method-assign]
    return app


def bare(settings: config.Settings, *, web: bool = False) -> Flask:
    """An application without pages and calls: settings, database, keys and languages."""
    app = Site(
        "tracker",
        template_folder=str(ROOT / "templates"),
        static_folder=str(PACKAGE / "static"),
    )
    app.config.update(_options(settings, web))
    journal.configure()
    clock.use_zone(settings.timezone)
    if settings.data_key_file.exists():
        use_keys(KeyRing.read(settings.data_key_file))
    db.init_app(app)
    babel.init_app(app, locale_selector=choose_locale)
    i18n.bind(app)
    with app.app_context():
        database.tune(db.engine, cache=database.WEB_CACHE if web else None)
    return app


def _options(settings: config.Settings, web: bool) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key or None,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.database_url, web=web),
        "BABEL_DEFAULT_LOCALE": settings.locale,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,  # the guard checks, after it knows who asks
        "MAX_CONTENT_LENGTH": 25 * 1024 * 1024,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
    }
