"""SQL that is put together once in a process, and run with other values each time.

Django puts a query into SQL anew whenever it is asked, which costs several times what PostgreSQL needs to
answer a large one. Only the SQL is kept: every value of a request is a Later, bound when the statement runs.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet, Value
from django.db.models.expressions import BaseExpression, Combinable

from crm.models import User

# What a selector takes that also makes prepared statements
Moment: TypeAlias = datetime | Combinable
Who: TypeAlias = "User | Later"
Sites: TypeAlias = "Collection[UUID] | Later"


class Later(Expression):
    """A value that is known when the statement runs, by its name."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, Any]:
        return "%s", (self,)


class IsAnyOf(Func):
    """a = ANY(array): whether a column is one of an array's values."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, array: BaseExpression | Collection[UUID]) -> None:
        values = array if isinstance(array, BaseExpression) else Value(list(array))
        super().__init__(F(column), values)


class Prepared:
    """A query in SQL whose values are still to come."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self._statement, self._values = queryset.query.sql_with_params()

    def row(self, **values: Any) -> dict[str, Any]:
        """Run it with these values, and return its first row by the names of the columns."""
        bound = [values[each.name] if isinstance(each, Later) else each for each in self._values]
        with connection.cursor() as cursor:
            cursor.execute(self._statement, bound)
            names = [column.name for column in cursor.description]
            return dict(zip(names, cursor.fetchone(), strict=True))
