"""Letters to those who decide, in their writers' own words."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Instant


revision = '0008'
down_revision = '0007'

Key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('letters',
    sa.Column('id', Key, nullable=False),
    sa.Column('subscriber_id', Key, nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('ask_id', Key, nullable=True),
    sa.Column('maker', sa.String(length=80), nullable=False),
    sa.Column('maker_key', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=True),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('kept_until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_letters_action_id')),
    sa.ForeignKeyConstraint(['ask_id'], ['asks.id'], name=op.f('fk_letters_ask_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_letters_subscriber_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters'))
    )
    op.create_index(op.f('ix_letters_subscriber_id'), 'letters', ['subscriber_id'])
    op.create_index(op.f('ix_letters_ask_id'), 'letters', ['ask_id'])
    op.create_index(op.f('ix_letters_kept_until'), 'letters', ['kept_until'])


def downgrade() -> None:
    op.drop_table('letters')
