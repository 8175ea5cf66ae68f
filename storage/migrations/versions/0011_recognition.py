"""Milestones told, rests chosen, lines hidden, what people told for themselves."""

import sqlalchemy as sa
from alembic import op

from storage import schema

revision = '0011'
down_revision = '0010'

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def owner(table: str, primary_key: bool = False) -> list[sa.schema.SchemaItem]:
    column = sa.Column('subscriber_id', KEY, primary_key=primary_key, nullable=False)
    name = f'fk_{table}_subscriber_id'
    return [column, sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=name, ondelete='CASCADE')]


def upgrade() -> None:
    op.create_table(
        'milestones',
        *owner('milestones', primary_key=True),
        sa.Column('what', sa.String(40), primary_key=True, nullable=False),
        sa.Column('at', schema.Instant(), nullable=False),
        sa.PrimaryKeyConstraint('subscriber_id', 'what', name='pk_milestones'),
    )
    op.create_table(
        'pauses',
        sa.Column('id', KEY, nullable=False),
        *owner('pauses'),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_pauses'),
    )
    op.create_index('ix_pauses_subscriber_id', 'pauses', ['subscriber_id'])
    op.create_table(
        'hidden_lines',
        *owner('hidden_lines', primary_key=True),
        sa.Column('line', sa.String(20), primary_key=True, nullable=False),
        sa.PrimaryKeyConstraint('subscriber_id', 'line', name='pk_hidden_lines'),
    )
    op.create_table(
        'own_words',
        *owner('own_words', primary_key=True),
        sa.Column('what', sa.String(20), primary_key=True, nullable=False),
        sa.Column('text', sa.LargeBinary(), nullable=False),
        sa.Column('at', schema.Instant(), nullable=False),
        sa.PrimaryKeyConstraint('subscriber_id', 'what', name='pk_own_words'),
    )


def downgrade() -> None:
    for table in ('own_words', 'hidden_lines', 'pauses', 'milestones'):
        op.drop_table(table)
