
import django.db.models.deletion
import simple_history.models
from cohort_sessions.models import fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohort_sessions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalJoinRequest',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('status', models.CharField(choices=[('requested', 'REQUESTED'), ('waiting', 'WAITING'), ('offered', 'OFFERED')], max_length=20)),
                ('queue_number', models.PositiveIntegerField(default=0, help_text='Place in the line; 0: not in the line.')),
                ('requested_at', models.DateTimeField()),
                ('offer_expires_at', models.DateTimeField(blank=True, help_text='Until when an offered seat is kept, UTC.', null=True)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical join request',
                'verbose_name_plural': 'historical join requests',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalSessionPrerequisite',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('condition', models.CharField(choices=[('finished', 'FINISHED'), ('passed', 'PASSED')], default='finished', max_length=20)),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical session prerequisite',
                'verbose_name_plural': 'historical session prerequisites',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('requested', 'REQUESTED'), ('waiting', 'WAITING'), ('offered', 'OFFERED')], max_length=20)),
                ('queue_number', models.PositiveIntegerField(default=0, help_text='Place in the line; 0: not in the line.')),
                ('requested_at', models.DateTimeField()),
                ('offer_expires_at', models.DateTimeField(blank=True, help_text='Until when an offered seat is kept, UTC.', null=True)),
            ],
            options={
                'ordering': ('session', 'queue_number', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='MemberMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moved_at', models.DateTimeField()),
                ('reason', models.TextField()),
            ],
            options={
                'ordering': ('moved_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('seat_given', 'SEAT_GIVEN'), ('seat_offered', 'SEAT_OFFERED'), ('offer_expired', 'OFFER_EXPIRED'), ('request_approved', 'REQUEST_APPROVED'), ('request_queued', 'REQUEST_QUEUED'), ('request_declined', 'REQUEST_DECLINED'), ('request_ended', 'REQUEST_ENDED'), ('moved', 'MOVED')], max_length=20)),
                ('words', models.TextField(blank=True, help_text='What the team wrote to go with it.')),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, help_text='When it was handed to the mailer, UTC; empty: not yet.', null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('send_again_at', models.DateTimeField(blank=True, help_text='When a failed attempt is repeated, UTC.', null=True)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ParallelGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
            ],
            options={
                'verbose_name': 'group of parallel sessions',
                'verbose_name_plural': 'groups of parallel sessions',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='SessionAgenda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, db_index=True, help_text='Empty: nothing lies ahead.', null=True)),
                ('seen_at', models.DateTimeField(blank=True, help_text='Up to when everything due was told, UTC.', null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='Attempts in a row that failed.')),
                ('error', models.TextField(blank=True, help_text='Why the last attempt failed.')),
            ],
        ),
        migrations.CreateModel(
            name='SessionPrerequisite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('condition', models.CharField(choices=[('finished', 'FINISHED'), ('passed', 'PASSED')], default='finished', max_length=20)),
            ],
            options={
                'ordering': ('session', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SessionRepetition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='archive_after_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days after its end at which it is archived by itself; empty: never.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='capacity',
            field=models.PositiveIntegerField(blank=True, help_text='Seats; empty: no limit.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='enrolment_closes_at',
            field=models.DateTimeField(blank=True, help_text='Until when people may join by themselves, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='enrolment_code',
            field=models.CharField(blank=True, help_text='What people type who join by code.', max_length=64),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='enrolment_opens_at',
            field=models.DateTimeField(blank=True, help_text='From when people may join by themselves, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='finished_at',
            field=models.DateTimeField(blank=True, help_text='When it was found to be over for everybody, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='joining',
            field=models.CharField(choices=[('closed', 'CLOSED'), ('open', 'OPEN'), ('approval', 'APPROVAL'), ('code', 'CODE')], default='closed', max_length=20),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='offer_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days in which a freed seat must be accepted; empty: whoever is first in line simply gets it.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='repeat_every_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days from its opening to that of its next repetition; empty: none.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='repeat_lead_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days before its end at which the next repetition is made.', null=True),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='time_zone',
            field=models.CharField(blank=True, help_text='In whose calendar its dates are shifted when it is repeated.', max_length=64),
        ),
        migrations.AddField(
            model_name='courseedition',
            name='apply_again_at',
            field=models.DateTimeField(blank=True, help_text='When a failed attempt is repeated by itself, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='courseedition',
            name='apply_failures',
            field=models.PositiveSmallIntegerField(default=0, help_text='Attempts in a row that failed.'),
        ),
        migrations.AddField(
            model_name='courseedition',
            name='deadlines',
            field=models.CharField(choices=[('shift', 'SHIFT'), ('keep', 'KEEP'), ('none', 'NONE')], default='shift', max_length=20),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='archive_after_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days after its end at which it is archived by itself; empty: never.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='capacity',
            field=models.PositiveIntegerField(blank=True, help_text='Seats; empty: no limit.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='enrolment_closes_at',
            field=models.DateTimeField(blank=True, help_text='Until when people may join by themselves, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='enrolment_code',
            field=models.CharField(blank=True, help_text='What people type who join by code.', max_length=64),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='enrolment_opens_at',
            field=models.DateTimeField(blank=True, help_text='From when people may join by themselves, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='finished_at',
            field=models.DateTimeField(blank=True, help_text='When it was found to be over for everybody, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='joining',
            field=models.CharField(choices=[('closed', 'CLOSED'), ('open', 'OPEN'), ('approval', 'APPROVAL'), ('code', 'CODE')], default='closed', max_length=20),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='offer_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days in which a freed seat must be accepted; empty: whoever is first in line simply gets it.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='repeat_every_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days from its opening to that of its next repetition; empty: none.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='repeat_lead_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days before its end at which the next repetition is made.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='time_zone',
            field=models.CharField(blank=True, help_text='In whose calendar its dates are shifted when it is repeated.', max_length=64),
        ),
        migrations.AddField(
            model_name='historicalcourseedition',
            name='apply_again_at',
            field=models.DateTimeField(blank=True, help_text='When a failed attempt is repeated by itself, UTC.', null=True),
        ),
        migrations.AddField(
            model_name='historicalcourseedition',
            name='apply_failures',
            field=models.PositiveSmallIntegerField(default=0, help_text='Attempts in a row that failed.'),
        ),
        migrations.AddField(
            model_name='historicalcourseedition',
            name='deadlines',
            field=models.CharField(choices=[('shift', 'SHIFT'), ('keep', 'KEEP'), ('none', 'NONE')], default='shift', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='courseedition',
            constraint=fields.constraint(models.Q(('deadlines__in', ['shift', 'keep', 'none'])), 'cohort_sessions_edition_deadlines'),
        ),
        migrations.AddField(
            model_name='historicaljoinrequest',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaljoinrequest',
            name='session',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='historicaljoinrequest',
            name='user',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsessionprerequisite',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsessionprerequisite',
            name='required',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='historicalsessionprerequisite',
            name='session',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='joinrequest',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohort_session_requests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membermove',
            name='destination',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves_here', to='cohort_sessions.member'),
        ),
        migrations.AddField(
            model_name='membermove',
            name='moved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='membermove',
            name='origin',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves_away', to='cohort_sessions.member'),
        ),
        migrations.AddField(
            model_name='notice',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='notice',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='cohortsession',
            name='parallel_group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='cohort_sessions.parallelgroup'),
        ),
        migrations.AddField(
            model_name='historicalcohortsession',
            name='parallel_group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.parallelgroup'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('joining__in', ['closed', 'open', 'approval', 'code'])), 'cohort_sessions_session_joining'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('enrolment_opens_at__isnull', True), ('enrolment_closes_at__isnull', True), ('enrolment_opens_at__lt', models.F('enrolment_closes_at')), _connector='OR'), 'cohort_sessions_session_enrolment_window'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(models.Q(('joining', 'code'), _negated=True), models.Q(('enrolment_code', ''), _negated=True), _connector='OR'), 'cohort_sessions_session_code_to_join'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('capacity__isnull', True), ('capacity__gt', 0), _connector='OR'), 'cohort_sessions_session_capacity'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(('offer_days__isnull', True), ('offer_days__gt', 0), _connector='OR'), 'cohort_sessions_session_offer_days'),
        ),
        migrations.AddConstraint(
            model_name='cohortsession',
            constraint=fields.constraint(models.Q(models.Q(('repeat_every_days__isnull', True), ('repeat_lead_days__isnull', True)), models.Q(('closes_at__isnull', False), ('opens_at__isnull', False), ('repeat_every_days__gt', 0), ('repeat_lead_days__isnull', False)), _connector='OR'), 'cohort_sessions_session_repeats_with_dates'),
        ),
        migrations.AddField(
            model_name='sessionagenda',
            name='session',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='sessionprerequisite',
            name='required',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='required_by', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='sessionprerequisite',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prerequisites', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='sessionrepetition',
            name='original',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='repetition', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='sessionrepetition',
            name='successor',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='repetition_of', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.UniqueConstraint(fields=('session', 'user'), name='cohort_sessions_request_uniq'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=fields.constraint(models.Q(('status__in', ['requested', 'waiting', 'offered'])), 'cohort_sessions_request_status'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=fields.constraint(models.Q(models.Q(('queue_number', 0), ('status', 'requested')), models.Q(models.Q(('status', 'requested'), _negated=True), ('queue_number__gt', 0)), _connector='OR'), 'cohort_sessions_request_in_line'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=fields.constraint(models.Q(models.Q(('offer_expires_at__isnull', False), ('status', 'offered')), models.Q(models.Q(('status', 'offered'), _negated=True), ('offer_expires_at__isnull', True)), _connector='OR'), 'cohort_sessions_request_offer_expires'),
        ),
        migrations.AddConstraint(
            model_name='membermove',
            constraint=fields.constraint(models.Q(('origin', models.F('destination')), _negated=True), 'cohort_sessions_move_goes_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='membermove',
            constraint=fields.constraint(models.Q(('reason', ''), _negated=True), 'cohort_sessions_move_has_reason'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['sent_at', 'send_again_at'], name='cohort_sessions_notice_unsent'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=fields.constraint(models.Q(('kind__in', ['seat_given', 'seat_offered', 'offer_expired', 'request_approved', 'request_queued', 'request_declined', 'request_ended', 'moved'])), 'cohort_sessions_notice_kind'),
        ),
        migrations.AddConstraint(
            model_name='sessionprerequisite',
            constraint=models.UniqueConstraint(fields=('session', 'required'), name='cohort_sessions_prerequisite_uniq'),
        ),
        migrations.AddConstraint(
            model_name='sessionprerequisite',
            constraint=fields.constraint(models.Q(('condition__in', ['finished', 'passed'])), 'cohort_sessions_prerequisite_condition'),
        ),
        migrations.AddConstraint(
            model_name='sessionprerequisite',
            constraint=fields.constraint(models.Q(('session', models.F('required')), _negated=True), 'cohort_sessions_prerequisite_not_itself'),
        ),
    ]
