"""who was inside when something was written in a private minute

What was written in one before is read by nobody any more: who was inside then is not known.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('message_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('appointment_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('guest_id', sa.Integer(), nullable=False),
    sa.Column('device_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.ForeignKeyConstraint(['appointment_id'], ['appointment.id'], name=op.f('fk_message_reader_appointment_id')),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_message_reader_guest_id')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_message_reader_message_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_reader'))
    )
    with op.batch_alter_table('message_reader', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_reader_appointment_id'), ['appointment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_reader_message_id'), ['message_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('message_reader', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_reader_message_id'))
        batch_op.drop_index(batch_op.f('ix_message_reader_appointment_id'))

    op.drop_table('message_reader')
