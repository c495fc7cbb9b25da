"""the line as a part of the device test, and why a camera or microphone cannot be used"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


# In place: messages refer to this table, which cannot be laid anew under them.
def upgrade() -> None:
    op.add_column('guest', sa.Column('connection_worked', sa.Boolean(), nullable=True))
    for name in ('camera_lacks', 'microphone_lacks'):
        column = sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True)
        op.add_column('guest', column)


def downgrade() -> None:
    for name in ('microphone_lacks', 'camera_lacks', 'connection_worked'):
        op.drop_column('guest', name)
