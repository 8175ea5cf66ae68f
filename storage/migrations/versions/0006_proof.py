"""What confirms actions from outside."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant


revision = '0006'
down_revision = '0005'

Key = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('hooks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=140), nullable=False),
    sa.Column('pack', sa.String(length=64), nullable=False),
    sa.Column('path', sa.String(length=32), nullable=False),
    sa.Column('secrets', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('closed_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hooks')),
    sa.UniqueConstraint('path', name=op.f('uq_hooks_path'))
    )
    op.create_index('ix_hooks_source', 'hooks', ['source'], unique=False)
    op.create_table('hook_deliveries',
    sa.Column('id', Key, nullable=False),
    sa.Column('hook_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('received_at', Instant(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=200), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['hook_id'], ['hooks.id'], name=op.f('fk_hook_deliveries_hook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_deliveries')),
    sa.UniqueConstraint('hook_id', 'key', name=op.f('uq_hook_deliveries_hook_id_key'))
    )
    op.create_index(op.f('ix_hook_deliveries_received_at'), 'hook_deliveries', ['received_at'], unique=False)
    op.create_table('single_codes',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', Instant(), nullable=False),
    sa.Column('used_at', Instant(), nullable=True),
    sa.Column('subscriber_id', Key, nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_single_codes_action_id')),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_single_codes_subscriber_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('action_id', 'digest', name=op.f('pk_single_codes'))
    )
    op.create_index(op.f('ix_single_codes_subscriber_id'), 'single_codes', ['subscriber_id'], unique=False)
    op.create_table('visits',
    sa.Column('ask_id', Key, nullable=False),
    sa.Column('first_at', Instant(), nullable=False),
    sa.Column('last_at', Instant(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ask_id'], ['asks.id'], name=op.f('fk_visits_ask_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ask_id', name=op.f('pk_visits'))
    )
    op.create_table('proofs',
    sa.Column('id', Key, nullable=False),
    sa.Column('hook_id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', Key, nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('ask_id', Key, nullable=True),
    sa.Column('taken_id', Key, nullable=True),
    sa.Column('series', sa.String(length=255), server_default='', nullable=False),
    sa.Column('counts', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('at', Instant(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), server_default='', nullable=False),
    sa.Column('receipt', sa.String(length=500), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['items.id'], name=op.f('fk_proofs_action_id')),
    sa.ForeignKeyConstraint(['ask_id'], ['asks.id'], name=op.f('fk_proofs_ask_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['hook_id'], ['hooks.id'], name=op.f('fk_proofs_hook_id')),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], name=op.f('fk_proofs_subscriber_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['taken_id'], ['taken.id'], name=op.f('fk_proofs_taken_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proofs'))
    )
    op.create_index(op.f('ix_proofs_action_id'), 'proofs', ['action_id'], unique=False)
    op.create_index(op.f('ix_proofs_ask_id'), 'proofs', ['ask_id'], unique=False)
    op.create_index('ix_proofs_series', 'proofs', ['hook_id', 'series'], unique=False, sqlite_where=sa.text("series <> ''"), postgresql_where=sa.text("series <> ''"))
    op.create_index(op.f('ix_proofs_subscriber_id'), 'proofs', ['subscriber_id'], unique=False)
    op.create_index(op.f('ix_proofs_taken_id'), 'proofs', ['taken_id'], unique=False)
    op.create_table('evidence',
    sa.Column('hook_id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=255), nullable=False),
    sa.Column('proof_id', Key, nullable=False),
    sa.Column('delivery_id', Key, nullable=False),
    sa.Column('at', Instant(), nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), server_default='', nullable=False),
    sa.Column('period', sa.String(length=10), server_default='', nullable=False),
    sa.Column('receipt', sa.String(length=500), server_default='', nullable=False),
    sa.ForeignKeyConstraint(['hook_id'], ['hooks.id'], name=op.f('fk_evidence_hook_id')),
    sa.ForeignKeyConstraint(['proof_id'], ['proofs.id'], name=op.f('fk_evidence_proof_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hook_id', 'event', name=op.f('pk_evidence'))
    )
    op.create_index(op.f('ix_evidence_proof_id'), 'evidence', ['proof_id'], unique=False)
    op.create_table('proof_names',
    sa.Column('hook_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('proof_id', Key, nullable=False),
    sa.ForeignKeyConstraint(['hook_id'], ['hooks.id'], name=op.f('fk_proof_names_hook_id')),
    sa.ForeignKeyConstraint(['proof_id'], ['proofs.id'], name=op.f('fk_proof_names_proof_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hook_id', 'name', name=op.f('pk_proof_names'))
    )
    op.create_index(op.f('ix_proof_names_proof_id'), 'proof_names', ['proof_id'], unique=False)
    op.add_column('guesses', sa.Column('action_id', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('guesses', 'action_id')
    op.drop_index(op.f('ix_proof_names_proof_id'), table_name='proof_names')
    op.drop_table('proof_names')
    op.drop_index(op.f('ix_evidence_proof_id'), table_name='evidence')
    op.drop_table('evidence')
    op.drop_index(op.f('ix_proofs_taken_id'), table_name='proofs')
    op.drop_index(op.f('ix_proofs_subscriber_id'), table_name='proofs')
    op.drop_index('ix_proofs_series', table_name='proofs', sqlite_where=sa.text("series <> ''"), postgresql_where=sa.text("series <> ''"))
    op.drop_index(op.f('ix_proofs_ask_id'), table_name='proofs')
    op.drop_index(op.f('ix_proofs_action_id'), table_name='proofs')
    op.drop_table('proofs')
    op.drop_table('visits')
    op.drop_index(op.f('ix_single_codes_subscriber_id'), table_name='single_codes')
    op.drop_table('single_codes')
    op.drop_index(op.f('ix_hook_deliveries_received_at'), table_name='hook_deliveries')
    op.drop_table('hook_deliveries')
    op.drop_index('ix_hooks_source', table_name='hooks')
    op.drop_table('hooks')
