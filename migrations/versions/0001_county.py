"""The county's tables, the rule that contracts never overlap, and the basic package."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('object_type', sa.String(length=24), nullable=False),
    sa.Column('object_id', sa.String(length=64), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('result', sa.String(length=24), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('prev_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index('ix_audit_object_id', ['object_id'], unique=False)
        batch_op.create_index('ix_audit_staff_id_at', ['staff_id', 'at'], unique=False)

    op.create_table('change',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('disease', sa.String(length=24), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_change'))
    )
    op.create_table('heartbeat',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('host', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeat'))
    )
    op.create_table('job_run',
    sa.Column('job', sa.String(length=40), nullable=False),
    sa.Column('slot', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('host', sa.String(length=120), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('error', sa.String(length=4000), nullable=False),
    sa.PrimaryKeyConstraint('job', 'slot', name=op.f('pk_job_run'))
    )
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.create_index('ix_job_run_job_started_at', ['job', 'started_at'], unique=False)

    op.create_table('login_attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account', sa.LargeBinary(length=16), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt'))
    )
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_login_attempt_account_at', ['account', 'at'], unique=False)

    op.create_table('package',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('price_fen', sa.Integer(), nullable=False),
    sa.Column('items', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_package')),
    sa.UniqueConstraint('code', 'version', name=op.f('uq_package_code_version'))
    )
    op.create_table('region',
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('level', sa.String(24), nullable=False),
    sa.Column('parent_code', sa.String(length=12), nullable=True),
    sa.ForeignKeyConstraint(['parent_code'], ['region.code'], name=op.f('fk_region_parent_code_region')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_region'))
    )
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.create_index('ix_region_parent_code', ['parent_code'], unique=False)

    op.create_table('archive_counter',
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('last_serial', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_code'], ['region.code'], name=op.f('fk_archive_counter_village_code_region')),
    sa.PrimaryKeyConstraint('village_code', name=op.f('pk_archive_counter'))
    )
    op.create_table('county_group',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('county_code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['county_code'], ['region.code'], name=op.f('fk_county_group_county_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_county_group')),
    sa.UniqueConstraint('county_code', 'name', name=op.f('uq_county_group_county_code_name'))
    )
    op.create_table('population',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('resident', sa.Integer(), nullable=False),
    sa.Column('registered', sa.Integer(), nullable=True),
    sa.Column('hypertension', sa.Integer(), nullable=True),
    sa.Column('diabetes', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_population_region_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_population')),
    sa.UniqueConstraint('region_code', 'year', name=op.f('uq_population_region_code_year'))
    )
    op.create_table('region_alias',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('alias', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_region_alias_region_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_region_alias')),
    sa.UniqueConstraint('region_code', 'alias', name=op.f('uq_region_alias_region_code_alias'))
    )
    op.create_table('target',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('group_code', sa.String(length=16), nullable=False),
    sa.Column('percent', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_target_region_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('region_code', 'year', 'indicator', 'group_code', name=op.f('uq_target_region_code_year_indicator_group_code'))
    )
    op.create_table('institution',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('county_group_id', sa.Uuid(), nullable=True),
    sa.Column('licence_no', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['county_group_id'], ['county_group.id'], name=op.f('fk_institution_county_group_id_county_group')),
    sa.ForeignKeyConstraint(['parent_id'], ['institution.id'], name=op.f('fk_institution_parent_id_institution')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_institution_region_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution')),
    sa.UniqueConstraint('region_code', 'name', name=op.f('uq_institution_region_code_name'))
    )
    op.create_table('staff',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('username', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('role', sa.String(24), nullable=False),
    sa.Column('phone', sa.LargeBinary(), nullable=True),
    sa.Column('licence_kind', sa.String(length=24), nullable=False),
    sa.Column('licence_expires_on', sa.Date(), nullable=True),
    sa.Column('institution_id', sa.Uuid(), nullable=True),
    sa.Column('locale', sa.String(length=16), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('security_stamp', sa.Integer(), nullable=False),
    sa.Column('activation_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('activation_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_staff_institution_id_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('username', name=op.f('uq_staff_username'))
    )
    op.create_table('team',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('county_code', sa.String(length=6), nullable=False),
    sa.Column('township_code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('institution_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_team_institution_id_institution')),
    sa.ForeignKeyConstraint(['township_code'], ['region.code'], name=op.f('fk_team_township_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('county_code', 'name', name=op.f('uq_team_county_code_name'))
    )
    op.create_table('api_token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('security_stamp', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_api_token_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    op.create_table('membership',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('role_in_team', sa.String(length=24), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_membership_staff_id_staff')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_membership_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index('ix_membership_staff_id', ['staff_id'], unique=False)
        batch_op.create_index('ix_membership_team_id', ['team_id'], unique=False)

    op.create_table('resident',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('county_code', sa.String(length=6), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('archive_no', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('sex', sa.String(24), nullable=False),
    sa.Column('birth_date', sa.Date(), nullable=False),
    sa.Column('id_type', sa.String(length=24), nullable=False),
    sa.Column('id_number', sa.LargeBinary(), nullable=True),
    sa.Column('identity_key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('id_tail', sa.LargeBinary(length=16), nullable=True),
    sa.Column('no_id_reason', sa.String(length=200), nullable=True),
    sa.Column('guardian_id', sa.LargeBinary(), nullable=True),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('registered', sa.Boolean(), nullable=False),
    sa.Column('ethnicity', sa.String(length=40), nullable=False),
    sa.Column('height_cm', sa.Double(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_resident_created_by_staff')),
    sa.ForeignKeyConstraint(['village_code'], ['region.code'], name=op.f('fk_resident_village_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident')),
    sa.UniqueConstraint('archive_no', name=op.f('uq_resident_archive_no')),
    sa.UniqueConstraint('county_code', 'identity_key', name=op.f('uq_resident_county_code_identity_key'))
    )
    with op.batch_alter_table('resident', schema=None) as batch_op:
        batch_op.create_index('ix_resident_id_tail', ['id_tail'], unique=False)
        batch_op.create_index('ix_resident_name', ['name'], unique=False)
        batch_op.create_index('ix_resident_village_code_birth_date', ['village_code', 'birth_date'], unique=False)
        batch_op.create_index('ix_resident_village_code_name', ['village_code', 'name'], unique=False)

    op.create_table('roster',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('county_code', sa.String(length=6), nullable=False),
    sa.Column('region_codes', sa.JSON(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('state', sa.String(24), nullable=False),
    sa.Column('rows_total', sa.Integer(), nullable=True),
    sa.Column('rows_done', sa.Integer(), nullable=False),
    sa.Column('summary', sa.JSON(), nullable=False),
    sa.Column('error', sa.String(length=500), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_roster_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster'))
    )
    with op.batch_alter_table('roster', schema=None) as batch_op:
        batch_op.create_index('ix_roster_county_code_uploaded_at', ['county_code', 'uploaded_at'], unique=False)

    op.create_table('staff_region',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_staff_region_region_code_region')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_region_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_region'))
    )
    with op.batch_alter_table('staff_region', schema=None) as batch_op:
        batch_op.create_index('ix_staff_region_staff_id', ['staff_id'], unique=False)

    op.create_table('submission',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=True),
    sa.Column('village_code', sa.String(length=12), nullable=True),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('body', sa.JSON(), nullable=True),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_submission_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('visit_id', 'body_hash', name=op.f('uq_submission_visit_id_body_hash'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index('ix_submission_status_village_code', ['status', 'village_code'], unique=False)

    op.create_table('team_village',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_village_team_id_team')),
    sa.ForeignKeyConstraint(['village_code'], ['region.code'], name=op.f('fk_team_village_village_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_village'))
    )
    with op.batch_alter_table('team_village', schema=None) as batch_op:
        batch_op.create_index('ix_team_village_team_id', ['team_id'], unique=False)
        batch_op.create_index('ix_team_village_village_code', ['village_code'], unique=False)

    op.create_table('web_session',
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.Column('security_stamp', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_web_session_staff_id_staff')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_web_session'))
    )
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.create_index('ix_web_session_expires_at', ['expires_at'], unique=False)
        batch_op.create_index('ix_web_session_staff_id', ['staff_id'], unique=False)

    op.create_table('alert',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('role', sa.String(24), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=True),
    sa.Column('resident_id', sa.Uuid(), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_alert_resident_id_resident')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_alert_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert')),
    sa.UniqueConstraint('key', name=op.f('uq_alert_key'))
    )
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.create_index('ix_alert_region_code_role_raised_on', ['region_code', 'role', 'raised_on'], unique=False)
        batch_op.create_index('ix_alert_resident_id', ['resident_id'], unique=False)

    op.create_table('checkup',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('institution', sa.String(length=120), nullable=False),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_checkup_resident_id_resident')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_checkup_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkup'))
    )
    with op.batch_alter_table('checkup', schema=None) as batch_op:
        batch_op.create_index('ix_checkup_resident_id_checked_on', ['resident_id', 'checked_on'], unique=False)

    op.create_table('condition',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('disease', sa.String(24), nullable=False),
    sa.Column('diagnosed_on', sa.Date(), nullable=True),
    sa.Column('enrolled_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('status', sa.String(24), nullable=False),
    sa.Column('next_due', sa.Date(), nullable=True),
    sa.Column('next_task', sa.String(24), nullable=True),
    sa.Column('last_face_to_face_on', sa.Date(), nullable=True),
    sa.Column('last_evaluated_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_condition_created_by_staff')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_condition_resident_id_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_condition')),
    sa.UniqueConstraint('resident_id', 'disease', name=op.f('uq_condition_resident_id_disease'))
    )
    with op.batch_alter_table('condition', schema=None) as batch_op:
        batch_op.create_index('ix_condition_village_code_disease', ['village_code', 'disease'], unique=False)

    op.create_table('contact_attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(24), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_contact_attempt_resident_id_resident')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_contact_attempt_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_attempt'))
    )
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_contact_attempt_resident_id_attempted_at', ['resident_id', 'attempted_at'], unique=False)

    op.create_table('contract',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('village_code_at', sa.String(length=12), nullable=False),
    sa.Column('team_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('predecessor_id', sa.Uuid(), nullable=True),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('start_on', sa.Date(), nullable=False),
    sa.Column('end_on', sa.Date(), nullable=False),
    sa.Column('evidence', sa.String(24), nullable=False),
    sa.Column('signed_by', sa.String(24), nullable=False),
    sa.Column('signature', sa.String(), nullable=True),
    sa.Column('terminated_on', sa.Date(), nullable=True),
    sa.Column('termination_reason', sa.String(length=2), nullable=True),
    sa.Column('termination_note', sa.String(length=500), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('occupied_until', sa.Date(), nullable=True),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint('start_on <= end_on', name=op.f('ck_contract_starts_before_end')),
    sa.CheckConstraint('years IN (1, 2, 3)', name=op.f('ck_contract_one_to_three_years')),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_contract_created_by_staff')),
    sa.ForeignKeyConstraint(['predecessor_id'], ['contract.id'], name=op.f('fk_contract_predecessor_id_contract')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_contract_resident_id_resident')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_contract_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('number', name=op.f('uq_contract_number'))
    )
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.create_index('ix_contract_resident_id', ['resident_id'], unique=False)
        batch_op.create_index('ix_contract_team_id_village_code', ['team_id', 'village_code'], unique=False)
        batch_op.create_index('ix_contract_village_code_end_on', ['village_code', 'end_on'], unique=False)

    op.create_table('episode',
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('disease', sa.String(24), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_episode_resident_id_resident')),
    sa.PrimaryKeyConstraint('task_id', name=op.f('pk_episode'))
    )
    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.create_index('ix_episode_village_code', ['village_code'], unique=False)

    op.create_table('referral_outcome',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('disease', sa.String(24), nullable=False),
    sa.Column('outcome', sa.String(24), nullable=False),
    sa.Column('outcome_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('plan', sa.String(length=1000), nullable=False),
    sa.Column('treatment_changed', sa.Boolean(), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_referral_outcome_resident_id_resident')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_referral_outcome_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_outcome'))
    )
    with op.batch_alter_table('referral_outcome', schema=None) as batch_op:
        batch_op.create_index('ix_referral_outcome_resident_id', ['resident_id'], unique=False)

    op.create_table('residence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_residence_resident_id_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_residence')),
    sa.UniqueConstraint('resident_id', 'from_on', name=op.f('uq_residence_resident_id_from_on'))
    )
    with op.batch_alter_table('residence', schema=None) as batch_op:
        batch_op.create_index('ix_residence_village_code', ['village_code', 'from_on', 'to_on'], unique=False)

    op.create_table('resident_group',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_resident_group_resident_id_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident_group'))
    )
    with op.batch_alter_table('resident_group', schema=None) as batch_op:
        batch_op.create_index('ix_resident_group_resident_id', ['resident_id'], unique=False)
        batch_op.create_index('ix_resident_group_village_code_code', ['village_code', 'code'], unique=False)

    op.create_table('resident_initials',
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('initials', sa.String(length=80), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_resident_initials_resident_id_resident')),
    sa.PrimaryKeyConstraint('resident_id', 'initials', name=op.f('pk_resident_initials'))
    )
    with op.batch_alter_table('resident_initials', schema=None) as batch_op:
        batch_op.create_index('ix_resident_initials_initials_village_code', ['initials', 'village_code'], unique=False)

    op.create_table('resident_phone',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.LargeBinary(), nullable=False),
    sa.Column('number_key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('tail_key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('note', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_resident_phone_resident_id_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident_phone'))
    )
    with op.batch_alter_table('resident_phone', schema=None) as batch_op:
        batch_op.create_index('ix_resident_phone_number_key', ['number_key'], unique=False)
        batch_op.create_index('ix_resident_phone_resident_id', ['resident_id'], unique=False)
        batch_op.create_index('ix_resident_phone_tail_key', ['tail_key'], unique=False)

    op.create_table('responsibility',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_responsibility_resident_id_resident')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_responsibility_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responsibility'))
    )
    with op.batch_alter_table('responsibility', schema=None) as batch_op:
        batch_op.create_index('ix_responsibility_resident_id', ['resident_id'], unique=False)
        batch_op.create_index('ix_responsibility_staff_id', ['staff_id'], unique=False)

    op.create_table('status_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('disease', sa.String(24), nullable=True),
    sa.Column('status', sa.String(24), nullable=False),
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('date_estimated', sa.Boolean(), nullable=False),
    sa.Column('to_village_code', sa.String(length=12), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['approved_by'], ['staff.id'], name=op.f('fk_status_event_approved_by_staff')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_status_event_resident_id_resident')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_status_event_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_event'))
    )
    with op.batch_alter_table('status_event', schema=None) as batch_op:
        batch_op.create_index('ix_status_event_resident_id', ['resident_id'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('village_code_at', sa.String(length=12), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(24), nullable=False),
    sa.Column('visit_date', sa.Date(), nullable=False),
    sa.Column('mode', sa.String(24), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('visited_by', sa.Uuid(), nullable=True),
    sa.Column('late_entry', sa.Boolean(), nullable=False),
    sa.Column('clock_ahead', sa.Boolean(), nullable=False),
    sa.Column('approval', sa.String(24), nullable=True),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('sbp', sa.Integer(), nullable=True),
    sa.Column('dbp', sa.Integer(), nullable=True),
    sa.Column('fpg', sa.Double(), nullable=True),
    sa.Column('weight_kg', sa.Double(), nullable=True),
    sa.Column('height_cm', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_visit_resident_id_resident')),
    sa.ForeignKeyConstraint(['visited_by'], ['staff.id'], name=op.f('fk_visit_visited_by_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index('ix_visit_resident_id_visit_date', ['resident_id', 'visit_date'], unique=False)
        batch_op.create_index('ix_visit_village_code_visit_date', ['village_code', 'visit_date'], unique=False)

    op.create_table('contract_package',
    sa.Column('contract_id', sa.Uuid(), nullable=False),
    sa.Column('package_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name=op.f('fk_contract_package_contract_id_contract')),
    sa.ForeignKeyConstraint(['package_id'], ['package.id'], name=op.f('fk_contract_package_package_id_package')),
    sa.PrimaryKeyConstraint('contract_id', 'package_id', name=op.f('pk_contract_package'))
    )
    op.create_table('judgement',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('disease', sa.String(24), nullable=False),
    sa.Column('policy_id', sa.String(length=40), nullable=False),
    sa.Column('condition_id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('visit_date', sa.Date(), nullable=False),
    sa.Column('evaluated', sa.Boolean(), nullable=False),
    sa.Column('face_to_face', sa.Boolean(), nullable=False),
    sa.Column('counted', sa.Boolean(), nullable=False),
    sa.Column('on_target', sa.Boolean(), nullable=True),
    sa.Column('classification', sa.Integer(), nullable=True),
    sa.Column('controlled', sa.Boolean(), nullable=True),
    sa.Column('next_step', sa.Integer(), nullable=True),
    sa.Column('referral', sa.String(24), nullable=True),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('next_due', sa.Date(), nullable=True),
    sa.Column('task', sa.String(24), nullable=True),
    sa.ForeignKeyConstraint(['condition_id'], ['condition.id'], name=op.f('fk_judgement_condition_id_condition')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_judgement_resident_id_resident')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_judgement_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'disease', 'policy_id', name=op.f('pk_judgement'))
    )
    with op.batch_alter_table('judgement', schema=None) as batch_op:
        batch_op.create_index('ix_judgement_condition_id_visit_date', ['condition_id', 'visit_date'], unique=False)
        batch_op.create_index('ix_judgement_resident_id', ['resident_id'], unique=False)
        batch_op.create_index('ix_judgement_village_code_visit_date', ['village_code', 'visit_date'], unique=False)

    op.create_table('status_period',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('condition_id', sa.Uuid(), nullable=True),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(24), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['condition_id'], ['condition.id'], name=op.f('fk_status_period_condition_id_condition')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_status_period_resident_id_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_period'))
    )
    with op.batch_alter_table('status_period', schema=None) as batch_op:
        batch_op.create_index('ix_status_period_condition_id_from_on', ['condition_id', 'from_on'], unique=False)
        batch_op.create_index('ix_status_period_resident_id', ['resident_id'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('condition_id', sa.Uuid(), nullable=False),
    sa.Column('resident_id', sa.Uuid(), nullable=False),
    sa.Column('village_code', sa.String(length=12), nullable=False),
    sa.Column('disease', sa.String(24), nullable=False),
    sa.Column('kind', sa.String(24), nullable=False),
    sa.Column('chain', sa.Boolean(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('cancelled_on', sa.Date(), nullable=True),
    sa.Column('cancel_reason', sa.String(length=24), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('timely', sa.Boolean(), nullable=True),
    sa.Column('counts', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['condition_id'], ['condition.id'], name=op.f('fk_task_condition_id_condition')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_task_resident_id_resident')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index('ix_task_condition_id', ['condition_id'], unique=False)
        batch_op.create_index('ix_task_due_on_open', ['due_on'], unique=False, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.create_index('ix_task_resident_id', ['resident_id'], unique=False)
        batch_op.create_index('ix_task_village_code_due_on', ['village_code', 'due_on'], unique=False)
        batch_op.create_index('ix_task_village_code_due_on_open', ['village_code', 'due_on'], unique=False, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.create_index('uq_task_condition_id_open_chain', ['condition_id'], unique=True, sqlite_where=sa.text('chain = 1 AND ended_on IS NULL'), postgresql_where=sa.text('chain AND ended_on IS NULL'))

    op.create_table('visit_version',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_visit_version_staff_id_staff')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_version_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'version', name=op.f('pk_visit_version'))
    )

    _forbid_overlaps()
    op.bulk_insert(
        sa.table(
            "package",
            sa.column("id", sa.Uuid()),
            sa.column("code", sa.String()),
            sa.column("version", sa.Integer()),
            sa.column("name", sa.String()),
            sa.column("price_fen", sa.Integer()),
            sa.column("items", sa.JSON()),
            sa.column("active", sa.Boolean()),
        ),
        [
            {
                "id": UUID("6c0b1a52-0000-4000-8000-000000000001"),
                "code": "BASIC",
                "version": 1,
                "name": "基本服务包",
                "price_fen": 0,
                "items": [],
                "active": True,
            }
        ],
    )


OVERLAP = """
    SELECT 1 FROM contract other
    WHERE other.resident_id = NEW.resident_id AND other.id <> NEW.id
      AND other.occupied_until IS NOT NULL
      AND other.start_on <= NEW.occupied_until AND other.occupied_until >= NEW.start_on
"""


def _forbid_overlaps() -> None:
    """At most one contract of a resident covers a day. The writer holds the resident's row meanwhile."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("INSERT", "UPDATE"):
            op.execute(f"""
                CREATE TRIGGER contract_no_overlap_{event.lower()} BEFORE {event} ON contract
                WHEN NEW.occupied_until IS NOT NULL AND EXISTS ({OVERLAP})
                BEGIN SELECT RAISE(ABORT, 'contract_overlap'); END
            """)
        return
    op.execute(f"""
        CREATE FUNCTION contract_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.occupied_until IS NOT NULL AND EXISTS ({OVERLAP}) THEN
                RAISE EXCEPTION 'contract_overlap' USING ERRCODE = 'exclusion_violation';
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER contract_no_overlap BEFORE INSERT OR UPDATE ON contract
        FOR EACH ROW EXECUTE FUNCTION contract_no_overlap()
    """)


def downgrade() -> None:
    op.drop_table('visit_version')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index('uq_task_condition_id_open_chain', sqlite_where=sa.text('chain = 1 AND ended_on IS NULL'), postgresql_where=sa.text('chain AND ended_on IS NULL'))
        batch_op.drop_index('ix_task_village_code_due_on_open', sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.drop_index('ix_task_village_code_due_on')
        batch_op.drop_index('ix_task_resident_id')
        batch_op.drop_index('ix_task_due_on_open', sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.drop_index('ix_task_condition_id')

    op.drop_table('task')
    with op.batch_alter_table('status_period', schema=None) as batch_op:
        batch_op.drop_index('ix_status_period_resident_id')
        batch_op.drop_index('ix_status_period_condition_id_from_on')

    op.drop_table('status_period')
    with op.batch_alter_table('judgement', schema=None) as batch_op:
        batch_op.drop_index('ix_judgement_village_code_visit_date')
        batch_op.drop_index('ix_judgement_resident_id')
        batch_op.drop_index('ix_judgement_condition_id_visit_date')

    op.drop_table('judgement')
    op.drop_table('contract_package')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index('ix_visit_village_code_visit_date')
        batch_op.drop_index('ix_visit_resident_id_visit_date')

    op.drop_table('visit')
    with op.batch_alter_table('status_event', schema=None) as batch_op:
        batch_op.drop_index('ix_status_event_resident_id')

    op.drop_table('status_event')
    with op.batch_alter_table('responsibility', schema=None) as batch_op:
        batch_op.drop_index('ix_responsibility_staff_id')
        batch_op.drop_index('ix_responsibility_resident_id')

    op.drop_table('responsibility')
    with op.batch_alter_table('resident_phone', schema=None) as batch_op:
        batch_op.drop_index('ix_resident_phone_tail_key')
        batch_op.drop_index('ix_resident_phone_resident_id')
        batch_op.drop_index('ix_resident_phone_number_key')

    op.drop_table('resident_phone')
    with op.batch_alter_table('resident_initials', schema=None) as batch_op:
        batch_op.drop_index('ix_resident_initials_initials_village_code')

    op.drop_table('resident_initials')
    with op.batch_alter_table('resident_group', schema=None) as batch_op:
        batch_op.drop_index('ix_resident_group_village_code_code')
        batch_op.drop_index('ix_resident_group_resident_id')

    op.drop_table('resident_group')
    with op.batch_alter_table('residence', schema=None) as batch_op:
        batch_op.drop_index('ix_residence_village_code')

    op.drop_table('residence')
    with op.batch_alter_table('referral_outcome', schema=None) as batch_op:
        batch_op.drop_index('ix_referral_outcome_resident_id')

    op.drop_table('referral_outcome')
    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.drop_index('ix_episode_village_code')

    op.drop_table('episode')
    with op.batch_alter_table('contract', schema=None) as batch_op:
        batch_op.drop_index('ix_contract_village_code_end_on')
        batch_op.drop_index('ix_contract_team_id_village_code')
        batch_op.drop_index('ix_contract_resident_id')

    op.drop_table('contract')
    with op.batch_alter_table('contact_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_attempt_resident_id_attempted_at')

    op.drop_table('contact_attempt')
    with op.batch_alter_table('condition', schema=None) as batch_op:
        batch_op.drop_index('ix_condition_village_code_disease')

    op.drop_table('condition')
    with op.batch_alter_table('checkup', schema=None) as batch_op:
        batch_op.drop_index('ix_checkup_resident_id_checked_on')

    op.drop_table('checkup')
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_index('ix_alert_resident_id')
        batch_op.drop_index('ix_alert_region_code_role_raised_on')

    op.drop_table('alert')
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_index('ix_web_session_staff_id')
        batch_op.drop_index('ix_web_session_expires_at')

    op.drop_table('web_session')
    with op.batch_alter_table('team_village', schema=None) as batch_op:
        batch_op.drop_index('ix_team_village_village_code')
        batch_op.drop_index('ix_team_village_team_id')

    op.drop_table('team_village')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index('ix_submission_status_village_code')

    op.drop_table('submission')
    with op.batch_alter_table('staff_region', schema=None) as batch_op:
        batch_op.drop_index('ix_staff_region_staff_id')

    op.drop_table('staff_region')
    with op.batch_alter_table('roster', schema=None) as batch_op:
        batch_op.drop_index('ix_roster_county_code_uploaded_at')

    op.drop_table('roster')
    with op.batch_alter_table('resident', schema=None) as batch_op:
        batch_op.drop_index('ix_resident_village_code_name')
        batch_op.drop_index('ix_resident_village_code_birth_date')
        batch_op.drop_index('ix_resident_name')
        batch_op.drop_index('ix_resident_id_tail')

    op.drop_table('resident')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('ix_membership_team_id')
        batch_op.drop_index('ix_membership_staff_id')

    op.drop_table('membership')
    op.drop_table('api_token')
    op.drop_table('team')
    op.drop_table('staff')
    op.drop_table('institution')
    op.drop_table('target')
    op.drop_table('region_alias')
    op.drop_table('population')
    op.drop_table('county_group')
    op.drop_table('archive_counter')
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.drop_index('ix_region_parent_code')

    op.drop_table('region')
    op.drop_table('package')
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_login_attempt_account_at')

    op.drop_table('login_attempt')
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.drop_index('ix_job_run_job_started_at')

    op.drop_table('job_run')
    op.drop_table('heartbeat')
    op.drop_table('change')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_staff_id_at')
        batch_op.drop_index('ix_audit_object_id')

    op.drop_table('audit')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION contract_no_overlap()")
