"""Which shift serves an account; on PostgreSQL the tables of procrastinate, which carries the work of several processes."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    with op.batch_alter_table('accounts') as batch:
        batch.add_column(sa.Column('shift', sa.BigInteger(), server_default='0', nullable=False))
    with op.batch_alter_table('inbox') as batch:
        batch.add_column(sa.Column('keeper', sa.String(36), server_default='', nullable=False))
    conn = op.get_bind()
    if conn.dialect.name == 'postgresql':
        from procrastinate.schema import SchemaManager

        # Many statements and no parameters: past SQLAlchemy, which would see some in every percent sign.
        conn.connection.cursor().execute(SchemaManager.get_schema())


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE')
        op.execute("""
            DO $$ DECLARE one regprocedure; BEGIN
                FOR one IN SELECT oid::regprocedure FROM pg_proc
                    WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
                LOOP EXECUTE 'DROP FUNCTION ' || one || ' CASCADE'; END LOOP;
            END $$
        """)
        op.execute('DROP TYPE procrastinate_job_status, procrastinate_job_event_type, procrastinate_job_to_defer_v1')
    with op.batch_alter_table('inbox') as batch:
        batch.drop_column('keeper')
    with op.batch_alter_table('accounts') as batch:
        batch.drop_column('shift')
