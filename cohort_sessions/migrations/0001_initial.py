import django.db.models.deletion
import opaque_keys.edx.django.models
import simple_history.models
import uuid
from cohort_sessions.models import fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CohortSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.SlugField(help_text='Names the session in addresses and files.', max_length=100, unique=True)),
                ('title', models.CharField(max_length=150)),
                ('description', models.TextField(blank=True)),
                ('organisation', models.CharField(blank=True, db_index=True, help_text='Short name of the organisation that runs it.', max_length=255)),
                ('status', models.CharField(choices=[('draft', 'DRAFT'), ('published', 'PUBLISHED'), ('cancelled', 'CANCELLED'), ('archived', 'ARCHIVED')], db_index=True, default='draft', max_length=20)),
                ('cancel_reason', models.TextField(blank=True, help_text='Shown to members of a cancelled session.')),
                ('opens_at', models.DateTimeField(blank=True, help_text='When members may enter, UTC.', null=True)),
                ('closes_at', models.DateTimeField(blank=True, help_text="When the members' period ends, UTC; this moment itself is outside.", null=True)),
                ('duration_days', models.PositiveIntegerField(blank=True, help_text='Days each member has from the first entry, instead of dates.', null=True)),
                ('team_opens_at', models.DateTimeField(blank=True, help_text='From when the team may enter, UTC; empty is always.', null=True)),
                ('team_closes_at', models.DateTimeField(blank=True, help_text='Until when the team may enter, UTC; empty is always.', null=True)),
                ('after_close', models.CharField(choices=[('read_only', 'READ_ONLY'), ('full', 'FULL'), ('hidden', 'HIDDEN')], default='read_only', max_length=20)),
                ('created_at', models.DateTimeField()),
                ('modified_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'cohort session',
                'verbose_name_plural': 'cohort sessions',
                'ordering': ('opens_at', 'title', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SessionCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Smaller numbers come first.')),
            ],
            options={
                'verbose_name': 'session category',
                'verbose_name_plural': 'session categories',
                'ordering': ('position', 'name'),
            },
        ),
        migrations.CreateModel(
            name='CourseEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('base_key', opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ('edition_key', opaque_keys.edx.django.models.CourseKeyField(max_length=255, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('wanted_revision', models.PositiveIntegerField(default=1)),
                ('applied_revision', models.PositiveIntegerField(default=0)),
                ('applied_at', models.DateTimeField(blank=True, help_text='When the platform last confirmed a revision, UTC.', null=True)),
                ('apply_error', models.TextField(blank=True, help_text='What the platform could not do, and why.')),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='When the course was taken out of the session; its results stay.', null=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='cohort_sessions.cohortsession')),
            ],
            options={
                'verbose_name': 'course edition',
                'verbose_name_plural': 'course editions',
                'ordering': ('session', 'position', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='EditionCoach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assigned_at', models.DateTimeField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='coaches', to='cohort_sessions.courseedition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_session_coached_editions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('edition', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='GrantedRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition_key', opaque_keys.edx.django.models.CourseKeyField(max_length=255)),
                ('platform_role', models.CharField(max_length=64)),
                ('reasons', models.CharField(help_text='The team roles that call for it, comma separated.', max_length=200)),
                ('granted_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_session_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('edition_key', 'user', 'platform_role'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalAdministratorScope',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('organisation', models.CharField(blank=True, help_text='Empty: all organisations.', max_length=255)),
                ('assigned_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical administrator scope',
                'verbose_name_plural': 'historical administrator scopes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalCourseEdition',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('uuid', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('base_key', opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ('edition_key', opaque_keys.edx.django.models.CourseKeyField(db_index=True, max_length=255)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('wanted_revision', models.PositiveIntegerField(default=1)),
                ('applied_revision', models.PositiveIntegerField(default=0)),
                ('applied_at', models.DateTimeField(blank=True, help_text='When the platform last confirmed a revision, UTC.', null=True)),
                ('apply_error', models.TextField(blank=True, help_text='What the platform could not do, and why.')),
                ('withdrawn_at', models.DateTimeField(blank=True, help_text='When the course was taken out of the session; its results stay.', null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession')),
            ],
            options={
                'verbose_name': 'historical course edition',
                'verbose_name_plural': 'historical course editions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEditionCoach',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('assigned_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('edition', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.courseedition')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical edition coach',
                'verbose_name_plural': 'historical edition coachs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalMember',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('status', models.CharField(choices=[('active', 'ACTIVE'), ('removed', 'REMOVED')], default='active', max_length=20)),
                ('opens_at', models.DateTimeField(blank=True, help_text="Replaces the session's opening for this member, UTC.", null=True)),
                ('closes_at', models.DateTimeField(blank=True, help_text="Replaces the session's closing for this member, UTC.", null=True)),
                ('extra_days', models.PositiveIntegerField(default=0)),
                ('first_entered_at', models.DateTimeField(blank=True, help_text="First entry into the session, UTC; starts a duration session's clock.", null=True)),
                ('enrolled_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical member',
                'verbose_name_plural': 'historical members',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSessionLock',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(choices=[('schedule', 'SCHEDULE'), ('content_visibility', 'CONTENT_VISIBILITY'), ('tool_visibility', 'TOOL_VISIBILITY'), ('content_edits', 'CONTENT_EDITS'), ('grading_policy', 'GRADING_POLICY'), ('enrolment', 'ENROLMENT'), ('team', 'TEAM'), ('announcements', 'ANNOUNCEMENTS')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('locked_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('locked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession')),
            ],
            options={
                'verbose_name': 'historical session lock',
                'verbose_name_plural': 'historical session locks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSessionTeamMember',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('role', models.CharField(choices=[('administrator', 'ADMINISTRATOR'), ('session_coach', 'SESSION_COACH'), ('course_coach', 'COURSE_COACH')], max_length=20)),
                ('assigned_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical session team member',
                'verbose_name_plural': 'historical session team members',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('active', 'ACTIVE'), ('removed', 'REMOVED')], default='active', max_length=20)),
                ('opens_at', models.DateTimeField(blank=True, help_text="Replaces the session's opening for this member, UTC.", null=True)),
                ('closes_at', models.DateTimeField(blank=True, help_text="Replaces the session's closing for this member, UTC.", null=True)),
                ('extra_days', models.PositiveIntegerField(default=0)),
                ('first_entered_at', models.DateTimeField(blank=True, help_text="First entry into the session, UTC; starts a duration session's clock.", null=True)),
                ('enrolled_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='cohort_sessions.cohortsession')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_session_memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('session', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='EditionResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.FloatField(blank=True, null=True)),
                ('letter', models.CharField(blank=True, max_length=255)),
                ('passed', models.BooleanField(default=False)),
                ('completed', models.PositiveIntegerField(default=0)),
                ('completable', models.PositiveIntegerField(default=0)),
                ('last_activity_at', models.DateTimeField(blank=True, null=True)),
                ('as_of', models.DateTimeField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='cohort_sessions.courseedition')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='cohort_sessions.member')),
            ],
            options={
                'ordering': ('member', 'edition'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalCohortSession',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('uuid', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('code', models.SlugField(help_text='Names the session in addresses and files.', max_length=100)),
                ('title', models.CharField(max_length=150)),
                ('description', models.TextField(blank=True)),
                ('organisation', models.CharField(blank=True, db_index=True, help_text='Short name of the organisation that runs it.', max_length=255)),
                ('status', models.CharField(choices=[('draft', 'DRAFT'), ('published', 'PUBLISHED'), ('cancelled', 'CANCELLED'), ('archived', 'ARCHIVED')], db_index=True, default='draft', max_length=20)),
                ('cancel_reason', models.TextField(blank=True, help_text='Shown to members of a cancelled session.')),
                ('opens_at', models.DateTimeField(blank=True, help_text='When members may enter, UTC.', null=True)),
                ('closes_at', models.DateTimeField(blank=True, help_text="When the members' period ends, UTC; this moment itself is outside.", null=True)),
                ('duration_days', models.PositiveIntegerField(blank=True, help_text='Days each member has from the first entry, instead of dates.', null=True)),
                ('team_opens_at', models.DateTimeField(blank=True, help_text='From when the team may enter, UTC; empty is always.', null=True)),
                ('team_closes_at', models.DateTimeField(blank=True, help_text='Until when the team may enter, UTC; empty is always.', null=True)),
                ('after_close', models.CharField(choices=[('read_only', 'READ_ONLY'), ('full', 'FULL'), ('hidden', 'HIDDEN')], default='read_only', max_length=20)),
                ('created_at', models.DateTimeField()),
                ('modified_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.sessioncategory')),
            ],
            options={
                'verbose_name': 'historical cohort session',
                'verbose_name_plural': 'historical cohort sessions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='cohort_sessions.sessioncategory'),
        ),
        migrations.CreateModel(
            name='SessionLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('schedule', 'SCHEDULE'), ('content_visibility', 'CONTENT_VISIBILITY'), ('tool_visibility', 'TOOL_VISIBILITY'), ('content_edits', 'CONTENT_EDITS'), ('grading_policy', 'GRADING_POLICY'), ('enrolment', 'ENROLMENT'), ('team', 'TEAM'), ('announcements', 'ANNOUNCEMENTS')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('locked_at', models.DateTimeField()),
                ('locked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='locks', to='cohort_sessions.cohortsession')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='SessionTeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('administrator', 'ADMINISTRATOR'), ('session_coach', 'SESSION_COACH'), ('course_coach', 'COURSE_COACH')], max_length=20)),
                ('assigned_at', models.DateTimeField()),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team', to='cohort_sessions.cohortsession')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_session_roles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('session', 'role', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='AdministratorScope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(blank=True, help_text='Empty: all organisations.', max_length=255)),
                ('assigned_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_session_scopes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('organisation', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('user', 'organisation'), name='cohort_sessions_scope_uniq')],
            },
        ),
        migrations.AddConstraint(
            model_name='courseedition',
            constraint=models.UniqueConstraint(fields=('session', 'base_key'), name='cohort_sessions_edition_uniq'),
        ),
        migrations.AddConstraint(
            model_name='courseedition',
            constraint=fields.constraint(models.Q(('applied_revision__lte', models.F('wanted_revision'))), 'cohort_sessions_edition_applied_is_wanted'),
        ),
        migrations.AddConstraint(
            model_name='editioncoach',
            constraint=models.UniqueConstraint(fields=('edition', 'user'), name='cohort_sessions_coach_uniq'),
        ),
        migrations.AddConstraint(
            model_name='grantedrole',
            constraint=models.UniqueConstraint(fields=('edition_key', 'user', 'platform_role'), name='cohort_sessions_granted_role_uniq'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(fields=('session', 'user'), name='cohort_sessions_member_uniq'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=fields.constraint(models.Q(('status__in', ['active', 'removed'])), 'cohort_sessions_member_status'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=fields.constraint(models.Q(('opens_at__isnull', True), ('closes_at__isnull', True), ('opens_at__lt', models.F('closes_at')), _connector='OR'), 'cohort_sessions_member_window'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=fields.constraint(models.Q(models.Q(('removed_at__isnull', True), ('status', 'active')), models.Q(('removed_at__isnull', False), ('status', 'removed')), _connector='OR'), 'cohort_sessions_member_removed_at'),
        ),
        migrations.AddConstraint(
            model_name='editionresult',
            constraint=models.UniqueConstraint(fields=('member', 'edition'), name='cohort_sessions_result_uniq'),
        ),
        migrations.AddConstraint(
            model_name='editionresult',
            constraint=fields.constraint(models.Q(('grade__isnull', True), models.Q(('grade__gte', 0), ('grade__lte', 1)), _connector='OR'), 'cohort_sessions_result_grade_is_0_to_1'),
        ),
        migrations.AddConstraint(
            model_name='editionresult',
            constraint=fields.constraint(models.Q(('passed', False), ('grade__isnull', False), _connector='OR'), 'cohort_sessions_result_passed_has_grade'),
        ),
        migrations.AddConstraint(
            model_name='editionresult',
            constraint=fields.constraint(models.Q(('completed__lte', models.F('completable'))), 'cohort_sessions_result_completed_of_completable'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('title', ''), _negated=True), 'cohort_sessions_session_has_title'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('status__in', ['draft', 'published', 'cancelled', 'archived'])), 'cohort_sessions_session_status'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('after_close__in', ['read_only', 'full', 'hidden'])), 'cohort_sessions_session_after_close'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('opens_at__isnull', True), ('closes_at__isnull', True), ('opens_at__lt', models.F('closes_at')), _connector='OR'), 'cohort_sessions_session_window'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('team_opens_at__isnull', True), ('team_closes_at__isnull', True), ('team_opens_at__lt', models.F('team_closes_at')), _connector='OR'), 'cohort_sessions_session_team_window'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('duration_days__isnull', True), models.Q(('closes_at__isnull', True), ('duration_days__gt', 0), ('opens_at__isnull', True)), _connector='OR'), 'cohort_sessions_session_dates_or_duration'),
        ),
        migrations.AddConstraint(
            model_name='sessionlock',
            constraint=models.UniqueConstraint(fields=('session', 'name'), name='cohort_sessions_lock_uniq'),
        ),
        migrations.AddConstraint(
            model_name='sessionlock',
            constraint=fields.constraint(models.Q(('name__in', ['schedule', 'content_visibility', 'tool_visibility', 'content_edits', 'grading_policy', 'enrolment', 'team', 'announcements'])), 'cohort_sessions_lock_name'),
        ),
        migrations.AddConstraint(
            model_name='sessionteammember',
            constraint=models.UniqueConstraint(fields=('session', 'user', 'role'), name='cohort_sessions_team_uniq'),
        ),
        migrations.AddConstraint(
            model_name='sessionteammember',
            constraint=fields.constraint(models.Q(('role__in', ['administrator', 'session_coach'])), 'cohort_sessions_team_role'),
        ),
    ]
