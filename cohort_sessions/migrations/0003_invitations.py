import django.db.models.deletion
import simple_history.models
from cohort_sessions.models import fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cohort_sessions", "0002_time_and_seats"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalInvitation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(help_text="From when it is worth nothing, UTC.")),
                ("history_change_reason", models.TextField(blank=True, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical invitation",
                "verbose_name_plural": "historical invitations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(db_index=True, help_text="In lower case.", max_length=254)),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(help_text="From when it is worth nothing, UTC.")),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When the letter was handed to the mailer, UTC; empty: not yet.",
                        null=True,
                    ),
                ),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "send_again_at",
                    models.DateTimeField(blank=True, help_text="When a failed attempt is repeated, UTC.", null=True),
                ),
            ],
            options={
                "ordering": ("session", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="cohort_sessions_notice_kind",
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("seat_given", "SEAT_GIVEN"),
                    ("seat_offered", "SEAT_OFFERED"),
                    ("offer_expired", "OFFER_EXPIRED"),
                    ("request_approved", "REQUEST_APPROVED"),
                    ("request_queued", "REQUEST_QUEUED"),
                    ("request_declined", "REQUEST_DECLINED"),
                    ("request_ended", "REQUEST_ENDED"),
                    ("moved", "MOVED"),
                    ("invited_seated", "INVITED_SEATED"),
                    ("invited_queued", "INVITED_QUEUED"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=fields.constraint(
                models.Q(
                    (
                        "kind__in",
                        [
                            "seat_given",
                            "seat_offered",
                            "offer_expired",
                            "request_approved",
                            "request_queued",
                            "request_declined",
                            "request_ended",
                            "moved",
                            "invited_seated",
                            "invited_queued",
                        ],
                    )
                ),
                "cohort_sessions_notice_kind",
            ),
        ),
        migrations.AddField(
            model_name="historicalinvitation",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicalinvitation",
            name="invited_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalinvitation",
            name="session",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cohort_sessions.cohortsession",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="cohort_sessions.cohortsession",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("session", "email"), name="cohort_sessions_invitation_uniq"),
        ),
    ]
