"""Pledge drives, and who is in them."""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'

_KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'pledge_drives',
        sa.Column('id', _KEY, nullable=False),
        sa.Column('action_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.String(40), nullable=False),
        sa.Column('needs', sa.Integer(), nullable=False),
        sa.Column('by', sa.Date(), nullable=False),
        sa.Column('state', sa.String(8), nullable=False),
        sa.Column('opened_at', sa.BigInteger(), nullable=False),
        sa.Column('due_at', sa.BigInteger()),
        sa.Column('looked_at', sa.BigInteger()),
        sa.Column('outlook', sa.String(10), server_default='', nullable=False),
        sa.Column('decided_at', sa.BigInteger()),
        sa.Column('do_by', sa.Date()),
        sa.Column('counted', sa.Integer(), server_default='0', nullable=False),
        sa.Column('kept', sa.Integer(), server_default='0', nullable=False),
        sa.Column('missed', sa.Integer(), server_default='0', nullable=False),
        sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_pledge_drives_action_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pledge_drives')),
        sa.UniqueConstraint('action_id', 'place', name=op.f('uq_pledge_drives_action_id_place')),
    )
    op.create_table(
        'pledgers',
        sa.Column('drive_id', _KEY, nullable=False),
        sa.Column('subscriber_id', _KEY, nullable=False),
        sa.Column('at', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('ask_id', _KEY),
        sa.Column('step', sa.String(8), server_default='', nullable=False),
        sa.Column('due_at', sa.BigInteger()),
        sa.ForeignKeyConstraint(['drive_id'], ['pledge_drives.id'], name=op.f('fk_pledgers_drive_id')),
        sa.ForeignKeyConstraint(
            ['subscriber_id'], ['subscribers.id'], name=op.f('fk_pledgers_subscriber_id'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['ask_id'], ['asks.id'], name=op.f('fk_pledgers_ask_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('drive_id', 'subscriber_id', name=op.f('pk_pledgers')),
    )
    op.create_index(op.f('ix_pledgers_subscriber_id'), 'pledgers', ['subscriber_id'])
    op.create_index(
        'ix_pledgers_due_at', 'pledgers', ['due_at'],
        sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_table('pledgers')
    op.drop_table('pledge_drives')
