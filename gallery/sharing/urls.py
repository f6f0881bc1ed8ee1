"""URLs of feeds, embeds, share links and QR codes."""

from django.urls import path, re_path

from gallery.sharing import feeds, views, views_embed

FILE = (
    r"(?P<variant>master\.(?:png|flac)|page\.webp|thumbnail\.(?:webp|svg)|audio\.mp3|notes\.json)"
)

urlpatterns = [
    path("feed/", feeds.Wall(), name="feed"),
    re_path(r"^@(?P<username>[\w-]+)/feed/$", feeds.PersonWall(), name="person_feed"),
    path("tag/<tag:slug>/feed/", feeds.TagWall(), name="tag_feed"),
    path("art/<slug:slug>/embed/", views_embed.frame, name="artwork_embed"),
    path("oembed/", views_embed.answer, name="oembed"),
    path("art/<slug:slug>/qr.svg", views.qr, name="artwork_qr"),
    path("art/<slug:slug>/links/", views.links, name="share_links"),
    path("art/<slug:slug>/links/<int:pk>/revoke/", views.revoke, name="share_revoke"),
    path("art/<slug:slug>/links/<int:pk>/qr.svg", views.link_qr, name="share_link_qr"),
    path("art/<slug:slug>/links/new-address/", views.new_address, name="share_new_address"),
    re_path(r"^s/(?P<token>[\w-]{16,32})/$", views.opened, name="share_link"),
    re_path(rf"^s/(?P<token>[\w-]{{16,32}})/{FILE}$", views.opened_file, name="share_file"),
]
