"""The tables that Slack's library reads and writes are as it expects them."""

import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore as Installations
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore as States
from sqlalchemy import MetaData, Table

from storage import schema

LIBRARYS = (
    Installations.build_installations_table(MetaData(), "slack_installations"),
    Installations.build_bots_table(MetaData(), "slack_bots"),
    States.build_oauth_states_table(MetaData(), "slack_oauth_states"),
)


@pytest.mark.parametrize("theirs", LIBRARYS, ids=lambda table: table.name)
def test_a_table_has_the_columns_the_library_writes(theirs: Table) -> None:
    ours = schema.metadata.tables[theirs.name]
    assert {column.name for column in ours.c} == {column.name for column in theirs.c}
    for column in theirs.c:
        mine = ours.c[column.name]
        wider = "VARCHAR(1000)" if column.name.endswith("token") else str(column.type)
        assert (str(mine.type), mine.nullable) == (wider, column.nullable), column.name
