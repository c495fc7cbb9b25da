"""the line as a part of the device test, and why a camera or microphone cannot be used"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('connection_worked', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('camera_lacks', sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True))
        batch_op.add_column(sa.Column('microphone_lacks', sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_column('microphone_lacks')
        batch_op.drop_column('camera_lacks')
        batch_op.drop_column('connection_worked')
