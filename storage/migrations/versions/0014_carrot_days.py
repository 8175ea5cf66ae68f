"""Carrot days: who votes and comes, and what was decided."""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'

_KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'votes',
        sa.Column('subscriber_id', _KEY, nullable=False),
        sa.Column('action_id', sa.Integer(), nullable=False),
        sa.Column('bid', sa.String(64), server_default='', nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('coming', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('ask_id', _KEY),
        sa.Column('step', sa.String(8), server_default='', nullable=False),
        sa.Column('due_at', sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ['subscriber_id'], ['subscribers.id'], name=op.f('fk_votes_subscriber_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_votes_action_id')),
        sa.ForeignKeyConstraint(['ask_id'], ['asks.id'], name=op.f('fk_votes_ask_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('subscriber_id', 'action_id', name=op.f('pk_votes')),
    )
    op.create_index(op.f('ix_votes_action_id'), 'votes', ['action_id'])
    op.create_index(op.f('ix_votes_ask_id'), 'votes', ['ask_id'])
    op.create_index(
        'ix_votes_due_at', 'votes', ['due_at'],
        sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'),
    )
    op.create_table(
        'carrot_days',
        sa.Column('action_id', sa.Integer(), nullable=False),
        sa.Column('winner', sa.String(64), server_default='', nullable=False),
        sa.Column('bid', sa.Text(), server_default='', nullable=False),
        sa.Column('counts', sa.Text(), server_default='', nullable=False),
        sa.Column('decided_at', sa.BigInteger()),
        sa.Column('told_at', sa.BigInteger()),
        sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_carrot_days_action_id')),
        sa.PrimaryKeyConstraint('action_id', name=op.f('pk_carrot_days')),
    )


def downgrade() -> None:
    op.drop_table('carrot_days')
    op.drop_table('votes')
