"""the time as it was counted, how far time has come with an appointment, and indexes for both

So that a wrong clock takes nothing away, and forgetting costs what it forgets (decision 24).
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

NEW = (
    ('ix_staff_disabled_at', 'staff', ['disabled_at']),
    ('ix_staff_session_created_at', 'staff_session', ['created_at']),
    ('ix_guest_identity_by', 'guest', ['identity_by']),
    ('ix_message_guest_id', 'message', ['guest_id']),
    ('ix_message_staff_id', 'message', ['staff_id']),
    ('ix_message_reader_guest_id', 'message_reader', ['guest_id']),
    ('ix_appointment_taken', 'appointment', ['taken', 'status', 'ends_at']),
    ('ix_appointment_advisor_id', 'appointment', ['advisor_id', 'starts_at']),
)
OLD = (
    ('ix_appointment_advisor_id', 'appointment', ['advisor_id']),
    ('ix_appointment_starts_at', 'appointment', ['starts_at']),
    ('ix_happening_appointment_id', 'happening', ['appointment_id']),
)
PARTIAL = (
    ('ix_happening_appointment_id', 'appointment_id', 'appointment_id IS NOT NULL'),
    (
        'ix_happening_linked',
        'at',
        'appointment_id IS NULL AND '
        '(guest_id IS NOT NULL OR staff_id IS NOT NULL OR actor_id IS NOT NULL)',
    ),
)


def upgrade() -> None:
    op.create_table('timekeeping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('moment', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('boot', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timekeeping'))
    )
    op.add_column('appointment', sa.Column('taken', sa.Integer(), server_default='0', nullable=False))
    for name, table, _columns in OLD:
        op.drop_index(name, table_name=table)
    for name, table, columns in NEW:
        op.create_index(name, table, columns)
    for name, column, where in PARTIAL:
        op.create_index(name, 'happening', [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    # What was taken already is not looked for again.
    appointment = sa.table('appointment', *map(sa.column, ('id', 'taken')))
    guest = sa.table('guest', *map(sa.column, ('appointment_id', 'name')))
    here = sa.select(guest.c.appointment_id).where(guest.c.appointment_id == appointment.c.id)
    named = here.where(guest.c.name != '')
    op.execute(sa.update(appointment).where(sa.exists(here), ~sa.exists(named)).values(taken=2))


def downgrade() -> None:
    for name, _column, _where in PARTIAL:
        op.drop_index(name, table_name='happening')
    for name, table, _columns in NEW:
        op.drop_index(name, table_name=table)
    for name, table, columns in OLD:
        op.create_index(name, table, columns)
    op.drop_column('appointment', 'taken')  # in place: guests refer to this table
    op.drop_table('timekeeping')
