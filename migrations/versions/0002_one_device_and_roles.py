"""one device for each guest, and what an account is for"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

ROLE = sa.Enum('ADVISOR', 'LEAD', 'ADMIN', name='staffrole')


def upgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('device_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
        batch_op.add_column(sa.Column('device_changed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))

    ROLE.create(op.get_bind(), checkfirst=True)
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', ROLE, nullable=False, server_default='ADVISOR'))


def downgrade() -> None:
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_column('role')

    ROLE.drop(op.get_bind(), checkfirst=True)
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_column('device_changed_at')
        batch_op.drop_column('device_hash')
