"""Jobs that develop a brood."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("gallery", "0022_works_for_adults")]

    operations = [
        migrations.AlterField("job", "kind", models.CharField("kind", max_length=12, choices=[
            ("print", "Print"),
            ("export", "Export of an account"),
            ("import", "Import of an account"),
            ("develop", "Developing a brood"),
        ])),
    ]
