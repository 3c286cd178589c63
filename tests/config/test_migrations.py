"""The models and the migrations agree."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = ("crm", "intake", "jobs", "notifications")


@pytest.mark.django_db
def test_no_change_of_a_model_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True)  # exits with status 1 otherwise


@pytest.mark.django_db
def test_migrations_have_one_end_each_and_a_name_that_says_something():
    loader = MigrationLoader(connection)
    assert loader.detect_conflicts() == {}
    for app, name in loader.disk_migrations:
        if app in OURS:
            assert not re.search("auto_|_alter_|_remove_.*_and_more", name), f"{app}.{name} needs a name"


@pytest.mark.django_db
def test_database_has_every_table_of_ours():
    tables = set(connection.introspection.table_names())
    assert {model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()} <= tables
