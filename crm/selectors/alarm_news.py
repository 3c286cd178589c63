"""Who is to know of alarms, and who knows what already."""

from collections.abc import Collection, Sequence

from crm.enums import Role
from crm.models import Alarm, AlarmNotice, Membership, User


def people_to_tell(alarms: Sequence[Alarm]) -> dict[User, list[Alarm]]:
    """Return whom alarms are for: the managers of the site; of every site, for one that is everywhere.

    A site without a manager has those who get its alerts told; without them, every manager there is.
    """
    if not alarms:
        return {}
    staff = Membership.objects.filter(user__is_active=True).select_related("user").order_by("user__email")
    members = [each for each in staff if each.role == Role.MANAGER or each.gets_alerts]
    found: dict[User, list[Alarm]] = {}
    for alarm in alarms:
        for user in _people(alarm, members):
            found.setdefault(user, []).append(alarm)
    return found


def _people(alarm: Alarm, members: Sequence[Membership]) -> list[User]:
    managers = [each for each in members if each.role == Role.MANAGER]
    if alarm.site_id is None:
        return _users(managers or members)
    there = [each for each in members if each.site_id == alarm.site_id]
    return _users([each for each in there if each.role == Role.MANAGER] or there or managers)


def _users(members: Sequence[Membership]) -> list[User]:
    return list(dict.fromkeys(each.user for each in members))


def notices_by_person(alarms: Collection[Alarm]) -> dict[User, list[AlarmNotice]]:
    """Return what active people were told of some alarms, the earliest first. Only what is as old is read."""
    if not alarms:
        return {}
    found: dict[User, list[AlarmNotice]] = {}
    since, named = min(each.since for each in alarms), [each.pk for each in alarms]
    told = AlarmNotice.objects.filter(told_at__gte=since, alarms__overlap=named, user__is_active=True)
    for notice in told.select_related("user").order_by("told_at", "id"):
        found.setdefault(notice.user, []).append(notice)
    return found
