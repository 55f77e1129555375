import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from cohort_sessions.models import fields


class Migration(migrations.Migration):

    dependencies = [
        ('cohort_sessions', '0005_results_by_day_exports_and_certificates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSessionMessage',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('uuid', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('subject', models.CharField(max_length=200)),
                ('recipients', models.PositiveIntegerField(help_text='To how many it went.')),
                ('sent_at', models.DateTimeField()),
                ('history_change_reason', models.TextField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical session message',
                'verbose_name_plural': 'historical session messages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='SessionMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('recipients', models.PositiveIntegerField(help_text='To how many it went.')),
                ('sent_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-sent_at', '-pk'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='cohort_sessions_notice_kind',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('seat_given', 'SEAT_GIVEN'), ('seat_offered', 'SEAT_OFFERED'), ('offer_expired', 'OFFER_EXPIRED'), ('request_approved', 'REQUEST_APPROVED'), ('request_queued', 'REQUEST_QUEUED'), ('request_declined', 'REQUEST_DECLINED'), ('request_ended', 'REQUEST_ENDED'), ('moved', 'MOVED'), ('invited_seated', 'INVITED_SEATED'), ('invited_queued', 'INVITED_QUEUED'), ('message', 'MESSAGE')], max_length=20),
        ),
        migrations.AddField(
            model_name='historicalsessionmessage',
            name='edition',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='The course it is about; empty: the session.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.courseedition'),
        ),
        migrations.AddField(
            model_name='historicalsessionmessage',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsessionmessage',
            name='sent_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsessionmessage',
            name='session',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='sessionmessage',
            name='edition',
            field=models.ForeignKey(blank=True, help_text='The course it is about; empty: the session.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cohort_sessions.courseedition'),
        ),
        migrations.AddField(
            model_name='sessionmessage',
            name='sent_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sessionmessage',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='cohort_sessions.cohortsession'),
        ),
        migrations.AddField(
            model_name='notice',
            name='message',
            field=models.ForeignKey(blank=True, help_text='What the team wrote, for a notice that is nothing else.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='cohort_sessions.sessionmessage'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=fields.constraint(models.Q(('kind__in', ['seat_given', 'seat_offered', 'offer_expired', 'request_approved', 'request_queued', 'request_declined', 'request_ended', 'moved', 'invited_seated', 'invited_queued', 'message'])), 'cohort_sessions_notice_kind'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=fields.constraint(models.Q(models.Q(('kind', 'message'), _negated=True), ('message__isnull', False), _connector='OR'), 'cohort_sessions_notice_has_message'),
        ),
    ]
