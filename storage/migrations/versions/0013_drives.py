"""Teams of drives, and what erased people had done for a drive."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Instant, Key


revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table('team_members',
    sa.Column('subscriber_id', Key, nullable=False),
    sa.Column('drive_id', sa.Integer(), nullable=False),
    sa.Column('team', sa.String(length=24), nullable=False),
    sa.Column('since', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['drive_id'], ['items.id'], name=op.f('fk_team_members_drive_id')),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_team_members_subscriber_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subscriber_id', 'drive_id', name=op.f('pk_team_members'))
    )
    op.create_index(op.f('ix_team_members_drive_id'), 'team_members', ['drive_id'])
    op.create_table('drives_erased',
    sa.Column('drive_id', sa.Integer(), nullable=False),
    sa.Column('team', sa.String(length=24), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('people', sa.Integer(), server_default='0', nullable=False),
    sa.Column('claimed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('verified', sa.Integer(), server_default='0', nullable=False),
    sa.Column('amount', sa.BigInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['drive_id'], ['items.id'], name=op.f('fk_drives_erased_drive_id')),
    sa.PrimaryKeyConstraint('drive_id', 'team', 'currency', name=op.f('pk_drives_erased'))
    )


def downgrade() -> None:
    op.drop_table('drives_erased')
    op.drop_table('team_members')
