"""whether the advisor had let somebody in before the seat moved to another browser"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('doubted_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    # Nobody knows any more whether somebody had been let in: the desk goes on saying it.
    guest = sa.table('guest', *map(sa.column, ('doubted_at', 'device_changed_at')))
    op.execute(sa.update(guest).values(doubted_at=guest.c.device_changed_at))


def downgrade() -> None:
    with op.batch_alter_table('guest', schema=None) as batch_op:
        batch_op.drop_column('doubted_at')
