"""Addresses of the gallery's pages."""

from django.urls import path, re_path

from gallery import collection_urls, curate_urls, family_urls, feeds, help_urls, people_urls, share_urls
from gallery.views import account, artwork, bench, borrow, browse, hear, jobs, people, species, tokens, upload, words

urlpatterns = [
    path("", browse.home, name="home"),
    path("teaser/<slug:first>/<slug:second>/", browse.teaser_sheet, name="teaser_sheet"),
    path("feed/", feeds.Wall(), name="feed"),
    path("search/", browse.search, name="search"),
    path("tag/<slug:slug>/", browse.tag, name="tag"),
    path("tags/", browse.tags, name="tags"),
    path("art/<slug:slug>/similar/", browse.similar, name="artwork_similar"),
    path("species/", species.overview, name="generators"),
    path("species/<slug:key>/", species.show, name="generator"),
    re_path(
        r"^species/(?P<key>[-\w]+)/(?P<mark>[0-9a-f]{12})/(?P<name>samples\.png|learning\.png)$", species.file,
        name="species_file",
    ),
    path("credits/", browse.credits, name="credits"),
    path("about/", browse.about, name="about"),
    path("art/<slug:slug>/", artwork.show, name="artwork"),
    path("art/<slug:slug>/edit/", artwork.edit, name="artwork_edit"),
    path("art/<slug:slug>/delete/", artwork.delete, name="artwork_delete"),
    path("art/<slug:slug>/like/", artwork.like, name="artwork_like"),
    path("art/<slug:slug>/print/", artwork.request_print, name="artwork_print"),
    path("art/<slug:slug>/download/<str:kind>/", artwork.download, name="artwork_download"),
    path("art/<slug:slug>/audio.mp3", artwork.file, {"variant": "audio.mp3"}, name="artwork_audio"),
    re_path(
        r"^art/(?P<slug>[-\w]+)/(?P<variant>master\.(?:png|flac)|page\.webp|thumbnail\.(?:webp|svg)|notes\.json)$",
        artwork.file, name="artwork_file",
    ),
    path("bench/", bench.show, name="bench"),
    path("bench/choose/", bench.choose, name="bench_choose"),
    path("bench/borrow/", borrow.borrow, name="bench_borrow"),
    path("bench/hear/", hear.hear, name="bench_hear"),
    path("bench/publish/", bench.publish, name="bench_publish"),
    path("bench/upload/", upload.upload, name="upload"),
    path("job/<uuid:id>/", jobs.show, name="job"),
    path("job/<uuid:id>/cancel/", jobs.cancel, name="job_cancel"),
    path("job/<uuid:id>/result/", jobs.result, name="job_result"),
    path("me/", people.mine, name="mine"),
    path("me/likes/", people.likes, name="likes"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:id>/revoke/", tokens.revoke, name="token_revoke"),
    path("me/profile/", account.profile, name="profile_edit"),
    *family_urls.urlpatterns,
    *people_urls.urlpatterns,
    *collection_urls.urlpatterns,
    *curate_urls.urlpatterns,
    *share_urls.urlpatterns,
    *help_urls.urlpatterns,
    # Languages.
    path("language/", words.choose, name="language"),
    path("words/<slug:language>/<slug:mark>.js", words.script, name="words"),
    path("healthz/", browse.health, name="health"),
]
