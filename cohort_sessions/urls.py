"""Addresses of the LMS pages and of the REST API; the host mounts them under ``/cohort-sessions/``."""

from django.urls import include, path

from cohort_sessions.steps import STEPS
from cohort_sessions.web.available import AvailableSessionsView, AvailableSessionView
from cohort_sessions.web.board_doors import MaterialFileView, ReadAnnouncementsView
from cohort_sessions.web.going import LeaveView, WithdrawView
from cohort_sessions.web.manage.acting import (
    ApproveView,
    DeclineView,
    MoveView,
    OwnDatesView,
    RemoveView,
)
from cohort_sessions.web.manage.announcements import (
    AnnouncementsView,
    DeleteAnnouncementView,
    EditAnnouncementView,
    NewAnnouncementView,
)
from cohort_sessions.web.manage.changes import ChangesView, ExportChangesView
from cohort_sessions.web.manage.courses import AddCoursesView, CoursesView, OrderCoursesView, RemoveCourseView
from cohort_sessions.web.manage.create import CreateSessionView
from cohort_sessions.web.manage.customise import CustomiseView, UndoCustomiseView
from cohort_sessions.web.manage.customise_block import CustomiseBlockView
from cohort_sessions.web.manage.customise_courses import CustomiseCoursesView
from cohort_sessions.web.manage.customise_elements import CustomiseElementsView
from cohort_sessions.web.manage.customise_grading import CustomiseGradingView
from cohort_sessions.web.manage.customise_review import CustomiseReviewView
from cohort_sessions.web.manage.customise_templates import CustomiseTemplatesView, DeleteTemplateView, UseTemplateView
from cohort_sessions.web.manage.customise_tools import CustomiseToolsView
from cohort_sessions.web.manage.customise_welcome import CustomiseWelcomeView
from cohort_sessions.web.manage.dates import DatesView
from cohort_sessions.web.manage.deadlines import DeadlinesView, EditionDeadlinesView
from cohort_sessions.web.manage.duplicate import DuplicateView
from cohort_sessions.web.manage.enrol import EnrolView
from cohort_sessions.web.manage.export_results import DownloadExportView, ExportResultsView, ExportView
from cohort_sessions.web.manage.invitations import WithdrawInvitationsView
from cohort_sessions.web.manage.locks import LocksView
from cohort_sessions.web.manage.materials import (
    AddFileView,
    AddLinkView,
    EditMaterialView,
    MoveMaterialView,
    RemoveMaterialView,
)
from cohort_sessions.web.manage.member import MemberView
from cohort_sessions.web.manage.member_results import MemberResultsView
from cohort_sessions.web.manage.message import MessageView
from cohort_sessions.web.manage.people import PeopleView
from cohort_sessions.web.manage.preview import PreviewView
from cohort_sessions.web.manage.reopening import GiveCertificatesView, ReopenResultsView
from cohort_sessions.web.manage.results import EditionResultsView, ResultsView
from cohort_sessions.web.manage.sessions import ManageSessionsView
from cohort_sessions.web.manage.settings import SettingsView
from cohort_sessions.web.manage.status import StatusView
from cohort_sessions.web.manage.team import AssignView, RemoveFromTeamView, TeamView
from cohort_sessions.web.my_history import MyHistoryView
from cohort_sessions.web.my_results import MyResultsView
from cohort_sessions.web.my_sessions import MySessionsFragmentView, MySessionsPageView
from cohort_sessions.web.session_home import SessionHomeView

app_name = "cohort_sessions"

# Pages of a session's team, below the session's own address.
manage_patterns = [
    path("people/", PeopleView.as_view(), name="people"),
    path("people/<str:username>/", MemberView.as_view(), name="member"),
    path("results/", ResultsView.as_view(), name="results"),
    path("people/<str:username>/results/", MemberResultsView.as_view(), name="member_results"),
    path("courses/<uuid:uuid>/results/", EditionResultsView.as_view(), name="edition_results"),
    path("courses/<uuid:uuid>/results/certificates/", GiveCertificatesView.as_view(), name="give_certificates"),
    path("courses/<uuid:uuid>/results/reopen/", ReopenResultsView.as_view(), name="reopen_results"),
    path("enrol/", EnrolView.as_view(), name="enrol"),
    path("own-dates/", OwnDatesView.as_view(), name="own_dates"),
    path("move/", MoveView.as_view(), name="move"),
    path("remove/", RemoveView.as_view(), name="remove"),
    path("approve/", ApproveView.as_view(), name="approve"),
    path("decline/", DeclineView.as_view(), name="decline"),
    path("invitations/withdraw/", WithdrawInvitationsView.as_view(), name="withdraw_invitations"),
    path("settings/", SettingsView.as_view(), name="settings"),
    *(path(f"settings/{name}/", StatusView.as_view(name=name), name=name) for name in STEPS),
    path("courses/", CoursesView.as_view(), name="courses"),
    path("courses/add/", AddCoursesView.as_view(), name="add_courses"),
    path("courses/order/", OrderCoursesView.as_view(), name="order_courses"),
    path("courses/<uuid:uuid>/remove/", RemoveCourseView.as_view(), name="remove_course"),
    path("dates/", DatesView.as_view(), name="dates"),
    path("deadlines/", DeadlinesView.as_view(), name="deadlines"),
    path("courses/<uuid:uuid>/deadlines/", EditionDeadlinesView.as_view(), name="edition_deadlines"),
    path("customise/", CustomiseCoursesView.as_view(), name="customise_courses"),
    path("courses/<uuid:uuid>/customise/", CustomiseView.as_view(), name="customise"),
    path("courses/<uuid:uuid>/customise/review/", CustomiseReviewView.as_view(), name="customise_review"),
    path("courses/<uuid:uuid>/customise/undo/", UndoCustomiseView.as_view(), name="undo_customise"),
    path("courses/<uuid:uuid>/customise/tools/", CustomiseToolsView.as_view(), name="customise_tools"),
    path("courses/<uuid:uuid>/customise/grading/", CustomiseGradingView.as_view(), name="customise_grading"),
    path("courses/<uuid:uuid>/customise/templates/", CustomiseTemplatesView.as_view(), name="customise_templates"),
    path(
        "courses/<uuid:uuid>/customise/templates/<uuid:template>/delete/",
        DeleteTemplateView.as_view(),
        name="delete_template",
    ),
    path("courses/<uuid:uuid>/customise/templates/use/", UseTemplateView.as_view(), name="use_template"),
    path("courses/<uuid:uuid>/customise/welcome/", CustomiseWelcomeView.as_view(), name="customise_welcome"),
    path(
        "courses/<uuid:uuid>/customise/<str:block>/elements/",
        CustomiseElementsView.as_view(),
        name="customise_elements",
    ),
    path("courses/<uuid:uuid>/customise/<str:block>/", CustomiseBlockView.as_view(), name="customise_block"),
    path("announcements/", AnnouncementsView.as_view(), name="announcements"),
    path("announcements/new/", NewAnnouncementView.as_view(), name="new_announcement"),
    path("announcements/<uuid:announcement>/", EditAnnouncementView.as_view(), name="edit_announcement"),
    path("announcements/<uuid:announcement>/delete/", DeleteAnnouncementView.as_view(), name="delete_announcement"),
    path("materials/link/", AddLinkView.as_view(), name="add_link"),
    path("materials/file/", AddFileView.as_view(), name="add_file"),
    path("materials/<uuid:material>/", EditMaterialView.as_view(), name="edit_material"),
    path("materials/<uuid:material>/move/", MoveMaterialView.as_view(), name="move_material"),
    path("materials/<uuid:material>/remove/", RemoveMaterialView.as_view(), name="remove_material"),
    path("team/", TeamView.as_view(), name="team"),
    path("team/<slug:role>/assign/", AssignView.as_view(), name="assign_team"),
    path("team/<slug:role>/remove/", RemoveFromTeamView.as_view(), name="remove_team"),
    path("courses/<uuid:uuid>/coaches/assign/", AssignView.as_view(), name="assign_course_coaches"),
    path("courses/<uuid:uuid>/coaches/remove/", RemoveFromTeamView.as_view(), name="remove_course_coaches"),
    path("locks/", LocksView.as_view(), name="locks"),
    path("results/export/", ExportResultsView.as_view(), name="export_results"),
    path("results/message/", MessageView.as_view(), name="message_members"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("changes/export/", ExportChangesView.as_view(), name="export_changes"),
    path("preview/", PreviewView.as_view(), name="preview"),
    path("duplicate/", DuplicateView.as_view(), name="duplicate"),
]

# Files that were asked for, each for nobody but who asked for it.
own_patterns = [
    path("results/export/<uuid:uuid>/", ExportView.as_view(), name="export"),
    path("results/export/<uuid:uuid>/download/", DownloadExportView.as_view(), name="download_export"),
]

urlpatterns = [
    path("", MySessionsPageView.as_view(), name="my_sessions"),
    path("fragment/", MySessionsFragmentView.as_view(), name="my_sessions_fragment"),
    path("history/", MyHistoryView.as_view(), name="my_history"),
    path("available/", AvailableSessionsView.as_view(), name="available_sessions"),
    path("available/<slug:code>/", AvailableSessionView.as_view(), name="available_session"),
    path("available/<slug:code>/withdraw/", WithdrawView.as_view(), name="withdraw"),
    path("manage/", ManageSessionsView.as_view(), name="manage_sessions"),
    path("manage/new/", CreateSessionView.as_view(), name="create_session"),
    path("sessions/<slug:code>/", SessionHomeView.as_view(), name="session_home"),
    path("sessions/<slug:code>/my-results/", MyResultsView.as_view(), name="my_results"),
    path("sessions/<slug:code>/leave/", LeaveView.as_view(), name="leave"),
    path("sessions/<slug:code>/announcements/read/", ReadAnnouncementsView.as_view(), name="read_announcements"),
    path("sessions/<slug:code>/materials/<uuid:material>/download/", MaterialFileView.as_view(), name="material_file"),
    path("sessions/<slug:code>/", include([*manage_patterns, *own_patterns])),
    path("api/", include("cohort_sessions.rest_api.urls")),
]
