"""Photos that show that something was done, and what was uploaded on the web page until it is taken."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Instant, Key


revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    op.create_table('photos',
    sa.Column('id', Key, nullable=False),
    sa.Column('subscriber_id', Key, nullable=False),
    sa.Column('taken_id', Key, nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('file', sa.String(length=400), server_default='', nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('next_at', Instant(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('decided_at', Instant(), nullable=True),
    sa.Column('decided_by', Key, nullable=True),
    sa.Column('reason', sa.String(length=8), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_photos_account_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['subscribers.id'], name=op.f('fk_photos_decided_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_photos_subscriber_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['taken_id'], ['taken.id'], name=op.f('fk_photos_taken_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photos'))
    )
    op.create_index(op.f('ix_photos_subscriber_id'), 'photos', ['subscriber_id'])
    op.create_index(op.f('ix_photos_taken_id'), 'photos', ['taken_id'])
    op.create_index(op.f('ix_photos_decided_by'), 'photos', ['decided_by'])
    op.create_index(
        'ix_photos_open', 'photos', ['state', 'id'],
        sqlite_where=sa.text("state IN ('wanted', 'waiting')"),
        postgresql_where=sa.text("state IN ('wanted', 'waiting')"),
    )
    op.create_table('uploads',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('chat', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_uploads'))
    )
    op.create_index(op.f('ix_uploads_chat'), 'uploads', ['chat'])


def downgrade() -> None:
    op.drop_table('uploads')
    op.drop_table('photos')
