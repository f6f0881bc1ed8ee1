"""The studio: genomes in, files out.

It knows no users, no requests and no database; gallery imports it, never the reverse.
"""

import os

# ONNX Runtime collects usage data by default: its import alone writes a device id and a queue of
# events to the home folder, and sends them when it can. It reads this variable when it is imported,
# and everything that imports it is in this package or imports this package first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# The libraries of diffusion nets would look for newer files on their makers' servers and report
# what they are used for. Nothing here may leave the machine, and no code of others may come in.
for _name in (
    "HF_HUB_OFFLINE",
    "HF_HUB_DISABLE_TELEMETRY",
    "TRANSFORMERS_OFFLINE",
    "DISABLE_TELEMETRY",
    "DO_NOT_TRACK",
):
    os.environ[_name] = "1"

# NumPy's products are small here. A second thread would gain them nothing, and beside other busy
# processes each product would wait until both threads have had their turn.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
