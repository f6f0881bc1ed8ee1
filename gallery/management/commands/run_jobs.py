"""`manage.py run_jobs`: a job runner in a process of its own, beside web processes without one.

Several may run beside each other.
"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gallery.core import push
from gallery.demo.growing import grow_next, stop_growing
from gallery.job_runner import run_forever, run_next


class Command(BaseCommand):
    help = "Run jobs: print what people have published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when the queue is empty.")

    def handle(self, *, once: bool, **options: Any) -> None:
        if once:
            count = 0
            while run_next():
                count += 1
            self.stdout.write(f"{count} jobs done.")
            return
        stop = threading.Event()

        def request_stop(*_: Any) -> None:
            stop.set()
            push.job_waiting.set()  # Wakes the runner.

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, request_stop)
        self.stdout.write("Running jobs. Stop with Ctrl-C.")
        try:
            run_forever(stop, grow_next)
        finally:
            stop_growing()
