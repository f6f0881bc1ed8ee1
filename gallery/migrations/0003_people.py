"""Likes take the place of favourites; then everything that people do with each other."""

import django.db.models.deletion
import gallery.models.artwork
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("gallery", "0002_tunes")]

    operations = [
        migrations.RemoveConstraint("favourite", "one_favourite_a_work"),
        migrations.RemoveIndex("favourite", "favourites_of_a_user"),
        migrations.RenameModel("Favourite", "Like"),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('hint', models.CharField(help_text='The first letters, so that people recognise it.', max_length=8)),
                ('scopes', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff_name', models.CharField(max_length=60)),
                ('verb', models.CharField(max_length=40)),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.CharField(max_length=40)),
                ('subject_name', models.CharField(max_length=160)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('details', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='BlockedPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=16, unique=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='BlockedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['word'],
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(default=gallery.models.artwork.make_slug, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('personal', 'Collection'), ('exhibition', 'Exhibition')], default='personal', max_length=10)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField(blank=True, max_length=8000)),
                ('is_public', models.BooleanField(default=True)),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CollectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('caption', models.CharField(blank=True, max_length=400)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CollectionMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField(auto_now_add=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('is_hidden', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeptAway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('distance', models.CharField(choices=[('mute', 'Muted: you see nothing of them'), ('block', 'Blocked: they cannot reach you either')], max_length=5)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('like', 'Somebody likes your work'), ('comment', 'Somebody comments on your work'), ('answer', 'Somebody answers your comment'), ('mention', 'Somebody mentions you'), ('follow', 'Somebody follows you'), ('bred', 'Somebody bred a child of your work'), ('invitation', 'Somebody invites you to a collection'), ('collected', 'Somebody puts your work into a public collection'), ('published', 'Somebody you follow publishes a work'), ('featured', 'A curator picked your work'), ('moderation', 'A moderator decided about your work or account')], max_length=12)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=400)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['-starts_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('reason', models.CharField(choices=[('rights', "It uses somebody's work or likeness without permission"), ('harm', 'It is hateful, threatening or harassing'), ('sexual', 'It is sexual or violent and not marked so'), ('spam', 'It is spam or misleading'), ('other', 'Something else')], max_length=8)),
                ('text', models.TextField(blank=True, max_length=2000)),
                ('state', models.CharField(choices=[('open', 'Open'), ('claimed', 'A moderator looks at it'), ('upheld', 'Upheld'), ('dismissed', 'Dismissed')], default='open', max_length=9)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.TextField(blank=True, max_length=2000)),
                ('counter_notice', models.TextField(blank=True, max_length=4000)),
                ('countered_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=32, unique=True)),
                ('note', models.CharField(blank=True, help_text='For whom it is.', max_length=120)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=1000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='artwork',
            name='child_count',
            field=models.PositiveIntegerField(default=0, help_text='Public children.'),
        ),
        migrations.AddField(
            model_name='artwork',
            name='colour',
            field=models.CharField(blank=True, help_text="The name of the accent's colour (gallery.colours).", max_length=8),
        ),
        migrations.AddField(
            model_name='artwork',
            name='like_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='artwork',
            name='love',
            field=models.FloatField(default=0.0, help_text='Likes, each weighing half as much after every half-life; a logarithm.'),
        ),
        migrations.AddField(
            model_name='artwork',
            name='may_train',
            field=models.BooleanField(default=True, verbose_name='may be used for training'),
        ),
        migrations.AddField(
            model_name='artwork',
            name='mix',
            field=models.FloatField(default=0.0, help_text='Place on the mixed shelf.'),
        ),
        migrations.AddField(
            model_name='artwork',
            name='rarity',
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name='artwork',
            name='stepping',
            field=models.FloatField(default=0.0, help_text='How much love descendants found.'),
        ),
        migrations.AddField(
            model_name='lineageedge',
            name='licence',
            field=models.CharField(blank=True, choices=[('CC0-1.0', 'CC0 (no rights reserved)'), ('CC-BY-4.0', 'CC BY (credit the maker)'), ('CC-BY-SA-4.0', 'CC BY-SA (credit, share alike)'), ('CC-BY-NC-4.0', 'CC BY-NC (credit, not for profit)'), ('all-rights-reserved', 'All rights reserved')], max_length=24),
        ),
        migrations.AddField(
            model_name='user',
            name='closed_at',
            field=models.DateTimeField(blank=True, help_text='When the person deleted their account.', null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, help_text="Of pages and letters; empty: the browser's.", max_length=10),
        ),
        migrations.AddField(
            model_name='user',
            name='notification_settings',
            field=models.JSONField(blank=True, default=dict, help_text='Kind of notification -> {bell, mail}; what is missing is as gallery.bell says.'),
        ),
        migrations.AddField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('member', 'Member'), ('curator', 'Curator'), ('moderator', 'Moderator'), ('administrator', 'Administrator')], default='member', max_length=13),
        ),
        migrations.AlterField(
            model_name='job',
            name='artwork',
            field=models.ForeignKey(blank=True, help_text='What is printed; empty for jobs about an account.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='gallery.artwork'),
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('print', 'Print'), ('export', 'Export of an account'), ('import', 'Import of an account')], max_length=12),
        ),
        migrations.AlterField(
            model_name='like',
            name='artwork',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to='gallery.artwork'),
        ),
        migrations.AlterField(
            model_name='like',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='artwork',
            index=models.Index(condition=models.Q(('state', 'published'), ('visibility', 'public')), fields=['colour', '-published_at', '-id'], name='works_of_a_colour'),
        ),
        migrations.AddIndex(
            model_name='artwork',
            index=models.Index(condition=models.Q(('state', 'published'), ('visibility', 'public')), fields=['-love', '-id'], name='wall_by_love'),
        ),
        migrations.AddIndex(
            model_name='artwork',
            index=models.Index(condition=models.Q(('state', 'published'), ('visibility', 'public')), fields=['-child_count', '-id'], name='wall_by_child_count'),
        ),
        migrations.AddIndex(
            model_name='artwork',
            index=models.Index(condition=models.Q(('state', 'published'), ('visibility', 'public')), fields=['-rarity', '-id'], name='wall_by_rarity'),
        ),
        migrations.AddIndex(
            model_name='artwork',
            index=models.Index(condition=models.Q(('state', 'published'), ('visibility', 'public')), fields=['-stepping', '-id'], name='wall_by_stepping'),
        ),
        migrations.AddIndex(
            model_name='artwork',
            index=models.Index(condition=models.Q(('state', 'published'), ('visibility', 'public')), fields=['-mix', '-id'], name='wall_by_mix'),
        ),
        migrations.AddIndex(
            model_name='like',
            index=models.Index(fields=['user', '-id'], name='likes_of_a_user'),
        ),
        migrations.AddIndex(
            model_name='like',
            index=models.Index(fields=['artwork', 'created_at'], name='likes_of_a_work'),
        ),
        migrations.AddConstraint(
            model_name='like',
            constraint=models.UniqueConstraint(fields=('user', 'artwork'), name='one_like_a_work'),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='audit_entries', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='blockedpicture',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='blockedword',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='collection',
            name='cover',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='collection',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collections', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='collectionitem',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='collectionitem',
            name='artwork',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collection_items', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='collectionitem',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='gallery.collection'),
        ),
        migrations.AddField(
            model_name='collectionmember',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='gallery.collection'),
        ),
        migrations.AddField(
            model_name='collectionmember',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collection_memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='artwork',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='gallery.comment'),
        ),
        migrations.AddField(
            model_name='follow',
            name='followed',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='follow',
            name='follower',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keptaway',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_away_by', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keptaway',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keeps_away', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notification',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notification',
            name='artwork',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='notification',
            name='collection',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gallery.collection'),
        ),
        migrations.AddField(
            model_name='notification',
            name='comment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gallery.comment'),
        ),
        migrations.AddField(
            model_name='notification',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pick',
            name='artwork',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='pick',
            name='curator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='picks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='artwork',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='report',
            name='claimed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports_claimed', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='comment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='gallery.comment'),
        ),
        migrations.AddField(
            model_name='report',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports_decided', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports_about', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='reporter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports_made', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='artwork',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='share_links', to='gallery.artwork'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suspension',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['subject_kind', 'subject_id', '-id'], name='audit_of_a_subject'),
        ),
        migrations.AddIndex(
            model_name='collection',
            index=models.Index(fields=['owner', '-id'], name='collections_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='collection',
            index=models.Index(fields=['kind', '-opens_at'], name='exhibitions_by_opening'),
        ),
        migrations.AddIndex(
            model_name='collectionitem',
            index=models.Index(fields=['collection', 'position', 'id'], name='items_in_order'),
        ),
        migrations.AddConstraint(
            model_name='collectionitem',
            constraint=models.UniqueConstraint(fields=('collection', 'artwork'), name='each_work_once_a_collection'),
        ),
        migrations.AddConstraint(
            model_name='collectionmember',
            constraint=models.UniqueConstraint(fields=('collection', 'user'), name='one_membership_a_person'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['artwork', 'parent', 'id'], name='comments_of_a_work'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['author', '-id'], name='comments_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='follow',
            index=models.Index(fields=['followed', '-id'], name='followers_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(fields=('follower', 'followed'), name='one_follow_a_person'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.CheckConstraint(condition=models.Q(('follower', models.F('followed')), _negated=True), name='nobody_follows_themselves'),
        ),
        migrations.AddConstraint(
            model_name='keptaway',
            constraint=models.UniqueConstraint(fields=('user', 'other'), name='one_distance_a_person'),
        ),
        migrations.AddConstraint(
            model_name='keptaway',
            constraint=models.CheckConstraint(condition=models.Q(('user', models.F('other')), _negated=True), name='nobody_keeps_themselves_away'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(fields=['user', '-id'], name='notifications_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='unread_notifications'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['state', 'id'], name='reports_in_line'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('artwork__isnull', False), ('comment__isnull', True), ('person__isnull', True)), models.Q(('artwork__isnull', True), ('comment__isnull', False), ('person__isnull', True)), models.Q(('artwork__isnull', True), ('comment__isnull', True), ('person__isnull', False)), _connector='OR'), name='report_is_about_one_thing'),
        ),
    ]
