"""The models and the migrations agree."""

import re

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import call_command
from django.db import connection
from django.db.migrations import AddField, AddIndex, CreateModel
from django.db.migrations.loader import MigrationLoader

OURS = ("crm", "intake", "jobs", "notifications")
BUSY = {"message", "delivery", "leadevent", "placement", "job", "lead", "enquiry", "person"}
BEFORE = {"crm": "0030", "intake": "0013", "jobs": "0004", "notifications": "0011"}  # nothing was in use


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


def test_no_index_of_a_busy_table_is_built_while_writing_to_it_waits():
    loader = MigrationLoader(None)
    for (app, name), migration in loader.disk_migrations.items():
        if name[:4] >= BEFORE.get(app, "9999"):
            made = {each.name_lower for each in migration.operations if isinstance(each, CreateModel)}
            for each in migration.operations:
                assert not _holds_up_writing(each, BUSY - made), f"{app}.{name}: {each.describe()}"


def _holds_up_writing(operation, busy):
    if getattr(operation, "model_name_lower", "") not in busy:
        return False
    if isinstance(operation, AddField):
        return operation.field.db_index or operation.field.unique
    return isinstance(operation, AddIndex) and not isinstance(operation, AddIndexConcurrently)
