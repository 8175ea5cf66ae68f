"""The numbers that decisions go by, each with its reason; FIELD.md section 6 has the evidence."""

from datetime import timedelta

WEEK = timedelta(days=7)

ACTION_REST = timedelta(days=90)
"""A declined action is not put to the person again for a season."""

CAUSE_REST = timedelta(days=7)
"""After a no, the whole cause asks nothing for a week: stories go on, and another cause may ask."""

LATER_REST = timedelta(days=3)
"""What "later" means when no day was named."""

ASK_AGAIN = timedelta(days=7)
"""An ask that got no answer waits this long before it is put once more."""

ASK_TRIES = 3
"""An action nobody answered to is put to a person this often and never again."""

SILENT_ASKS = 3
"""So many asks without an answer, or refused without a yes between, and asks slow to one in `SILENT_GAP`."""

SILENT_GAP = timedelta(days=7)
"""The least time between two asks to someone who is silent, says no each time, or has read all stories."""

CONVERSATION = timedelta(hours=2)
"""So long after an answer the same conversation is still going on."""

STEP_REST = timedelta(days=2)
"""A step up comes two days after the last action in the cause at the earliest (Chartrand 1999)."""

STEP_REFUSAL_REST = timedelta(days=14)
"""A declined step up is followed by a smaller one only, for two weeks."""

REFUSAL_MEMORY = timedelta(days=30)
"""So long after a refusal, unless something was taken since, smaller asks come first."""

PRIVATE_ACTS = 2
"""The first acts are private: kinds that show a person to others come after so many (Kristofferson 2014)."""

VARIETY = timedelta(days=30)
"""A kind not taken for so long counts as new."""

NEWS = timedelta(days=14)
"""A story with a first day and no last one is news for so long, then evergreen."""

NUDGE_GAP = timedelta(hours=12)
"""The least time between two nudges when someone changes zone or hour."""

ALERTS_A_WEEK = 2
"""Over all campaigns together: beside a daily nudge a third interruption is what people leave for."""

ALERT_LETTERS = 1000
"""An alert is read in one look; it also leaves room under every platform's limit."""

ALERT_HOLD = timedelta(minutes=1)
"""Whoever pressed send sees the mistake in the first minute; until then nothing has gone out."""

ALERT_FIRST = 20
"""So many get it first: enough to hear of a mistake, few enough to say sorry to one by one."""

ALERT_LOOK = timedelta(minutes=2)
"""The time to look at what the first ones got before the rest goes out."""

ALERT_USEFUL = timedelta(days=1)
"""What could not be sent within a day is no alert any more."""

DECISION_NEAR = timedelta(days=7)
"""In the last week before a decision its letters come before other asks: afterwards they are of no use."""

LETTERS_KEPT = timedelta(days=30)
"""So long after the decision a letter stays with its writer; then it is deleted."""
