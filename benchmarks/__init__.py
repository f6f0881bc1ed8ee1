import generation  # noqa: F401 - before ONNX Runtime, whose telemetry it turns off
