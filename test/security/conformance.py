"""Calls as gRPC's C core makes them, on raw bytes so that no generated code is needed; prints what came of one as JSON."""

import json
import sys

import grpc

address, what, large = sys.argv[1], sys.argv[2], int(sys.argv[3])
ENCODE = "/atelier.text_encoder.v1.TextEncoderService/EncodeText"
GENERATE = "/atelier.diffusion.v1.DiffusionService/GenerateImage"
UPSCALE = "/atelier.super_resolution.v1.SuperResolutionService/UpscaleImage"
LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
channel = grpc.insecure_channel(address, options=LIMIT)


def varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def unary(path: str, request: bytes, **options):
    """Code, response and trailing metadata of a unary call."""
    try:
        response, call = channel.unary_unary(path).with_call(request, **{"timeout": 30, **options})
        return "OK", response, call.trailing_metadata()
    except grpc.RpcError as error:
        return error.code().name, b"", error.trailing_metadata()


def cancel():
    stream = channel.unary_stream(GENERATE)(b"", timeout=30)
    messages = [next(stream) for _ in range(3)]
    stream.cancel()
    return {"code": stream.code().name, "messages": len(messages)}


def picture(size: int) -> bytes:
    """UpscaleImageRequest with an image (field 1) whose data (field 4) has `size` bytes."""
    return field(1, field(4, b"\x07" * size))


def metadata():
    code, _, trailing = unary(ENCODE, field(1, b"\xff\xfe"), metadata=[("x-conformance", "two")])
    unary(ENCODE, field(1, b"boat"), metadata=[("x-conformance", "two")])
    return {"code": code, "details": any(key == "grpc-status-details-bin" for key, _ in trailing)}


def large_echo():
    code, response, _ = unary(UPSCALE, picture(large))
    return {"code": code, "same": b"\x07" * large in response}


CASES = {
    "cancel": cancel,
    "deadline": lambda: {"code": unary(ENCODE, field(1, b"boat"), timeout=0.001)[0]},
    "large": large_echo,
    "too-large": lambda: {"code": unary(UPSCALE, picture(17 * 1024 * 1024))[0]},
    "unimplemented": lambda: {
        "codes": [unary(path, b"")[0] for path in (ENCODE.replace("EncodeText", "Nothing"), "/a.b.C/D")]
    },
    "metadata": metadata,
    "malformed": lambda: {"code": unary(ENCODE, b"\x0a\xff\xff\xff\x7f")[0]},
}
print(json.dumps(CASES[what]()))
