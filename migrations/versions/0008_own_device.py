"""which browser of a guest always gets the seat back"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString(length=64)
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('own_device_hash', text, nullable=True))
    guest = sa.table('guest', *map(sa.column, ('own_device_hash', 'device_hash', 'device_changed_at', 'identity_at')))
    first_or_checked = sa.or_(guest.c.device_changed_at.is_(None), guest.c.identity_at.is_not(None))
    op.execute(sa.update(guest).where(first_or_checked).values(own_device_hash=guest.c.device_hash))


def downgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_column('own_device_hash')
