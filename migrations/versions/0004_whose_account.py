"""the trail says to whose account something was done"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_id', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.drop_column('staff_id')
