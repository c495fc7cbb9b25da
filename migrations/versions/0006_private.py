"""a private minute: since when, when the advisor knocked, what was written in it"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    time = sqlmodel.sql.sqltypes.UTCDateTime()
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('private_since', time, nullable=True))
        batch_op.add_column(sa.Column('knocked_at', time, nullable=True))
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('private', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_column('private')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_column('knocked_at')
        batch_op.drop_column('private_since')
