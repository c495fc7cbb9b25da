"""a message has 1 to 2000 characters, no matter who writes it"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f('ck_message_text_length'), 'length(text) BETWEEN 1 AND 2000')


def downgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_message_text_length'), type_='check')
