"""How nets run in ONNX Runtime, with little memory beside their weights."""

import tempfile
from pathlib import Path

import onnxruntime


def open_session(
    model: Path | bytes, *, threads: int = 1, has_pool: bool = False
) -> onnxruntime.InferenceSession:
    """The net of an ONNX file, or of the bytes of one, on the CPU.

    has_pool: keep what the largest run so far has needed. That is a quarter faster where the planes
    of a run take tens of megabytes, and wins nothing where they are small.

    Raises what ONNX Runtime raises for a file that it cannot run.
    """
    if isinstance(model, bytes):
        # A session keeps the bytes that it was made of for as long as it lives, but not a file.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "net.onnx"
            file.write_bytes(model)
            return open_session(file, threads=threads, has_pool=has_pool)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = has_pool
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
