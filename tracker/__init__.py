"""家医随访: family-doctor contracts and visits for a county."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    import config


def create_app(settings: config.Settings | None = None) -> Flask:
    """A ready application. Without `settings` they come from the environment."""
    # Imported here, so that the command line answers `--help` without loading the whole product.
    import config
    from tracker import factory

    return factory.build(settings or config.from_environment())


def create_bare_app(settings: config.Settings | None = None) -> Flask:
    """An application for commands and jobs, without pages and calls; quick to start."""
    import config
    from tracker import factory

    return factory.bare(settings or config.from_environment())
