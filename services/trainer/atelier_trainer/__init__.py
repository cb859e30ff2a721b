"""Trains Atelier's models and exports them as an ONNX bundle."""
