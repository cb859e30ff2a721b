"""Draws a picture with Atelier: create a generation, follow it, write the PNG."""

import argparse
import os
import sys

import grpc

from contracts import generation, messages, services

# A picture of 1024 x 1024 pixels is more than the 4 MiB that gRPC takes by default.
LARGEST_MESSAGE = 64 * 1024 * 1024
# Longest that one watch may last, seconds.
PATIENCE_S = 300


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prompt")
    parser.add_argument("--seed", type=int, help="0 to 4294967295; default: the server picks one")
    parser.add_argument("--size", type=int, default=1024, choices=(64, 256, 1024), help="side in pixels")
    parser.add_argument("--out", default="picture.png", help="file to write")
    parser.add_argument("--address", default=os.environ.get("ATELIER_ADDRESS", "127.0.0.1:7400"))
    return parser.parse_args()


def draw(stub, request):
    """The generation in its final state. Raises grpc.RpcError when a call fails."""
    created = stub.CreateGeneration(request, timeout=10).generation
    for message in stub.WatchGeneration(messages.WatchGenerationRequest(id=created.id), timeout=PATIENCE_S):
        event = message.WhichOneof("event")
        if event == "stage_started":
            print(f"{message.stage_started.name} ...")
        elif event == "progress":
            print(f"step {message.progress.step} of {message.progress.steps}")
        elif event == "finished":
            # The event may name the picture by reference; asking for the generation brings its bytes.
            return stub.GetGeneration(messages.GetGenerationRequest(id=created.id), timeout=10).generation
    raise RuntimeError("the watch ended without an end")


def main() -> int:
    options = arguments()
    request = messages.CreateGenerationRequest(prompt=options.prompt, size=options.size, seed=options.seed)
    with grpc.insecure_channel(
        options.address, options=[("grpc.max_receive_message_length", LARGEST_MESSAGE)]
    ) as channel:
        try:
            drawn = draw(services.GenerationServiceStub(channel), request)
        except grpc.RpcError as error:
            print(f"{error.code().name}: {error.details()}", file=sys.stderr)
            return 1
    result = drawn.WhichOneof("result")
    if result == "verdict":
        print(f"blocked: score {drawn.verdict.score:.2f} reached {drawn.verdict.threshold:.2f}")
        return 3
    if result != "images":
        print(f"no picture: {generation.GenerationState.Name(drawn.state)}", file=sys.stderr)
        return 1
    image = drawn.images.images[0]
    with open(options.out, "wb") as file:
        file.write(image.inline.data)
    print(f"{options.out}: {image.width} x {image.height}, seed {drawn.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
