"""What came of actions and who was told; what people plan to do and when."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Instant


revision = '0010'
down_revision = '0009'

Key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('results',
    sa.Column('id', Key, nullable=False),
    sa.Column('subscriber_id', Key, nullable=True),
    sa.Column('pack', sa.String(length=64), nullable=False),
    sa.Column('slug', sa.String(length=64), nullable=True),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('cursor', Key, server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_results_subscriber_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_results')),
    sa.UniqueConstraint('pack', 'slug', name=op.f('uq_results_pack_slug'))
    )
    op.create_index(op.f('ix_results_state'), 'results', ['state'])
    op.create_index(op.f('ix_results_subscriber_id'), 'results', ['subscriber_id'])
    op.create_table('result_actions',
    sa.Column('result_id', Key, nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_result_actions_action_id')),
    sa.ForeignKeyConstraint(['result_id'], ['results.id'], name=op.f('fk_result_actions_result_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('result_id', 'action_id', name=op.f('pk_result_actions'))
    )
    op.create_index(op.f('ix_result_actions_action_id'), 'result_actions', ['action_id'])
    op.create_table('results_told',
    sa.Column('subscriber_id', Key, nullable=False),
    sa.Column('result_id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('delivery_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['result_id'], ['results.id'], name=op.f('fk_results_told_result_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_results_told_subscriber_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscriber_id', 'result_id', name=op.f('pk_results_told'))
    )
    op.create_table('result_reminders',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_result_reminders_action_id')),
    sa.PrimaryKeyConstraint('action_id', 'by', 'number', name=op.f('pk_result_reminders'))
    )
    op.create_table('intentions',
    sa.Column('subscriber_id', Key, nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('ask_id', Key, nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=8), server_default='', nullable=False),
    sa.Column('place_words', sa.LargeBinary(), nullable=True),
    sa.Column('company', sa.String(length=8), server_default='', nullable=False),
    sa.Column('company_words', sa.LargeBinary(), nullable=True),
    sa.Column('stage', sa.String(length=8), nullable=False),
    sa.Column('next_at', Instant(), nullable=True),
    sa.Column('stopped_at', Instant(), nullable=True),
    sa.Column('delivery_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_intentions_action_id')),
    sa.ForeignKeyConstraint(['ask_id'], ['asks.id'], name=op.f('fk_intentions_ask_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_intentions_subscriber_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscriber_id', 'action_id', name=op.f('pk_intentions'))
    )
    op.create_index(op.f('ix_intentions_ask_id'), 'intentions', ['ask_id'])
    waits = sa.text('next_at IS NOT NULL')
    op.create_index('ix_intentions_next_at', 'intentions', ['next_at'], sqlite_where=waits, postgresql_where=waits)
    op.add_column('audit', sa.Column('result_id', Key, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('audit') as batch:
        batch.drop_column('result_id')
    for table in ('intentions', 'result_reminders', 'results_told', 'result_actions', 'results'):
        op.drop_table(table)
