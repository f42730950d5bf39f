"""The group calendar: the week, activities, daily tips and topics (R12-R14)."""

from lib.ui import (
    community,
    community_activities,
    community_activity,
    community_tips,
    community_topic,
    community_topics,
    session,
)

shop = session.staff()
view = community.heading(shop)

if view == community.WEEK:
    community.week(shop)
elif view == community.TIPS:
    community_tips.bank(shop)
elif view == community.TOPICS:
    this = community_topics.opened(shop)
    if this is None:
        community_topics.listing(shop)
    else:
        community_topic.one(shop, this)
else:
    found = community_activities.opened(shop)
    if found is None:
        community_activities.listing(shop)
    else:
        community_activity.one(shop, found)
