"""Atelier's messages and stubs, made from the repository's protos when this module is imported."""

import atexit
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from grpc_tools import protoc

_PROTO = Path(__file__).resolve().parents[2] / "proto"


def _generate() -> None:
    """Write the generated modules where they can be imported. Raises RuntimeError when protoc refuses the protos."""
    folder = tempfile.mkdtemp(prefix="atelier-python-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    well_known = Path(protoc.__file__).parent / "_proto"
    # Of the google packages only google.rpc is ours; google.protobuf comes with the protobuf package.
    files = [str(path) for path in sorted(_PROTO.rglob("*.proto"))]
    outputs = [f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(["protoc", f"-I{_PROTO}", f"-I{well_known}", *outputs, *files]) != 0:
        raise RuntimeError("protoc could not generate the contracts")
    sys.path.insert(0, folder)
    # The package "google" is protobuf's: our google.rpc is found beside it.
    import google

    google.__path__.append(str(Path(folder) / "google"))


_generate()

generation = import_module("atelier.generation.v1.generation_pb2")
messages = import_module("atelier.generation.v1.generation_service_pb2")
services = import_module("atelier.generation.v1.generation_service_pb2_grpc")
