"""Pictures drawn here, each under a key that nobody guesses."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Instant, Key


revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    op.create_table('drawings',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('subscriber_id', Key, nullable=True),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_drawings_subscriber_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_drawings'))
    )
    op.create_index(op.f('ix_drawings_subscriber_id'), 'drawings', ['subscriber_id'])


def downgrade() -> None:
    op.drop_table('drawings')
