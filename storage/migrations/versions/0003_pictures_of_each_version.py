"""Pictures belong to a version of their pack."""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.create_table('pack_pictures',
    sa.Column('pack', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('pack', 'version', 'name', name=op.f('pk_pack_pictures'))
    )
    op.execute(
        'INSERT INTO pack_pictures (pack, version, name, media_type, content) '
        'SELECT pack_images.pack, packs.version, pack_images.name, pack_images.media_type, pack_images.content '
        'FROM pack_images JOIN packs ON packs.slug = pack_images.pack'
    )
    op.drop_table('pack_images')


def downgrade() -> None:
    op.create_table('pack_images',
    sa.Column('pack', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('pack', 'name', name=op.f('pk_pack_images'))
    )
    op.execute(
        'INSERT INTO pack_images (pack, name, media_type, content) '
        'SELECT pack_pictures.pack, pack_pictures.name, pack_pictures.media_type, pack_pictures.content '
        'FROM pack_pictures JOIN packs ON packs.slug = pack_pictures.pack AND packs.version = pack_pictures.version'
    )
    op.drop_table('pack_pictures')
