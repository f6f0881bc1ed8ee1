"""`manage.py run_jobs`: a job runner in a process of its own, for sites whose web processes run
none.
"""

import signal
import threading

from django.core.management.base import BaseCommand

from gallery.core import push
from gallery.job_runner import run_forever, run_next


class Command(BaseCommand):
    """Works through jobs until it is told to stop (Ctrl-C or SIGTERM); several may run beside each
    other.
    """

    help = "Run jobs: print what people have published."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when nothing waits any more.")

    def handle(self, *args, **options) -> None:
        if options["once"]:
            count = 0
            while run_next():
                count += 1
            self.stdout.write(f"{count} jobs done.")
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: (stop.set(), push.job_waiting.set()))
        self.stdout.write("Running jobs. Stop with Ctrl-C.")
        run_forever(stop)
