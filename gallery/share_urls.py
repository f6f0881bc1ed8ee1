"""Addresses of sharing works and of whole accounts."""

from django.urls import path, re_path

from gallery import feeds
from gallery.views import closing, embed, export, share

FILE = (
    r"(?P<variant>master\.(?:png|flac)|page\.webp|thumbnail\.(?:webp|svg)|audio\.mp3|notes\.json)"
)

urlpatterns = [
    re_path(r"^@(?P<username>[\w-]+)/feed/$", feeds.PersonWall(), name="person_feed"),
    path("tag/<slug:slug>/feed/", feeds.TagWall(), name="tag_feed"),
    path("art/<slug:slug>/embed/", embed.frame, name="artwork_embed"),
    path("oembed/", embed.answer, name="oembed"),
    path("art/<slug:slug>/qr.svg", share.qr, name="artwork_qr"),
    path("art/<slug:slug>/links/", share.links, name="share_links"),
    path("art/<slug:slug>/links/<int:pk>/revoke/", share.revoke, name="share_revoke"),
    path("art/<slug:slug>/links/<int:pk>/qr.svg", share.link_qr, name="share_link_qr"),
    path("art/<slug:slug>/links/new-address/", share.new_address, name="share_new_address"),
    path("me/export/", export.export, name="account_export"),
    path("me/import/", export.bring, name="account_import"),
    path("me/close/", closing.close, name="account_close"),
    re_path(r"^s/(?P<token>[\w-]{16,32})/$", share.opened, name="share_link"),
    re_path(rf"^s/(?P<token>[\w-]{{16,32}})/{FILE}$", share.opened_file, name="share_file"),
]
