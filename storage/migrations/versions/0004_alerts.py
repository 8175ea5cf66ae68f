"""Alerts, who sent what, and who wants them."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Instant


revision = '0004'
down_revision = '0003'

Key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('alerts',
    sa.Column('id', Key, nullable=False),
    sa.Column('subscriber_id', Key, nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('audience', sa.Text(), nullable=False),
    sa.Column('texts', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), server_default='0', nullable=False),
    sa.Column('expected', sa.Integer(), server_default='0', nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('next_at', Instant(), nullable=True),
    sa.Column('started_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True),
    sa.Column('cursor', Key, server_default='0', nullable=False),
    sa.Column('planned', sa.Integer(), server_default='0', nullable=False),
    sa.Column('exhausted', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_alerts_subscriber_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts'))
    )
    op.create_index(op.f('ix_alerts_state'), 'alerts', ['state'])
    op.create_index(op.f('ix_alerts_subscriber_id'), 'alerts', ['subscriber_id'])
    op.create_table('audit',
    sa.Column('id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('subscriber_id', Key, nullable=True),
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('alert_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_audit_alert_id')),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_audit_subscriber_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_alert_id'), 'audit', ['alert_id'])
    op.create_index(op.f('ix_audit_subscriber_id'), 'audit', ['subscriber_id'])
    op.add_column('deliveries', sa.Column('alert_id', Key, nullable=True))
    given = sa.text('alert_id IS NOT NULL')
    op.create_index('ix_deliveries_alert', 'deliveries', ['alert_id', 'status', 'id'], sqlite_where=given, postgresql_where=given)
    op.add_column('subscribers', sa.Column('alerts', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    wanted = sa.text('alerts')
    op.create_index('ix_subscribers_alerts', 'subscribers', ['id'], sqlite_where=wanted, postgresql_where=wanted)


def downgrade() -> None:
    op.drop_index('ix_subscribers_alerts', 'subscribers')
    op.drop_index('ix_deliveries_alert', 'deliveries')
    for table, column in (('subscribers', 'alerts'), ('deliveries', 'alert_id')):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table('audit')
    op.drop_table('alerts')
