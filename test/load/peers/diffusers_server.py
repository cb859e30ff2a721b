"""What a Python service around the same graph looks like: diffusers' scheduler, ONNX Runtime, one HTTP server with threads.

`--lanes` runs of the network compute at once, each with its part of the threads. With as many as the diffusion service has, both sides
put as many threads in line for the processor. More of them would be no faster on a machine of their own, and on a shared one they would
take what others do there for themselves.
"""

import argparse
import json
import pathlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import onnxruntime
import torch
from diffusers import DDIMScheduler

STATES = 32


class Pipeline:
    """Draws with the bundle's denoiser and its schedule, classifier-free guidance in one run of two rows."""

    def __init__(self, bundle: pathlib.Path, threads: int, lanes: int):
        role = json.loads((bundle / "atelier.json").read_text())["roles"]["denoiser"]
        self.config = role["config"]
        keys = DDIMScheduler().config.keys()
        self.schedule = {key: value for key, value in self.config.items() if key in keys}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads // lanes
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        path = bundle / role["files"]["model"]["path"]
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.turns = threading.Semaphore(lanes)
        shapes = {value.name: value.shape for value in self.session.get_inputs()}
        dim = shapes["text_embeds"][1]
        states = np.zeros((2, STATES, dim), np.float32)
        states[1] = 0.1
        self.conditioning = {
            "encoder_hidden_states": states,
            "encoder_attention_mask": np.ones((2, STATES), np.int64),
            "text_embeds": states[:, 0],
        }

    def draw(self, steps: int, seed: int, guided: bool) -> bytes:
        """RGB8 of one picture."""
        side, guidance = self.config["sampleSize"], self.config["defaultGuidance"]
        rows = 2 if guided else 1
        conditioning = {name: value[-rows:] for name, value in self.conditioning.items()}
        scheduler = DDIMScheduler(**self.schedule)
        scheduler.set_timesteps(steps)
        sample = torch.randn(1, 3, side, side, generator=torch.Generator("cpu").manual_seed(seed))
        for timestep in scheduler.timesteps:
            feeds = {"sample": torch.cat([sample] * rows).numpy(), "timestep": np.full(rows, timestep, np.float32)}
            with self.turns:
                output = torch.from_numpy(self.session.run(None, feeds | conditioning)[0])
            if guided:
                negative, positive = output.chunk(2)
                output = negative + guidance * (positive - negative)
            sample = scheduler.step(output, timestep, sample).prev_sample
        return ((sample[0] / 2 + 0.5).clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy().tobytes()


def handler(pipeline: Pipeline) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.answer(b"ok")

        def do_POST(self):
            order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(pipeline.draw(int(order["steps"]), int(order["seed"]), bool(order["guided"])))

        def answer(self, body: bytes):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=pathlib.Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1, help="of ONNX Runtime, in all, and of PyTorch")
    parser.add_argument("--lanes", type=int, default=1, help="runs of the network at once, at most so many as threads")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    pipeline = Pipeline(arguments.bundle, arguments.threads, min(arguments.lanes, arguments.threads))
    ThreadingHTTPServer(("127.0.0.1", arguments.port), handler(pipeline)).serve_forever()


if __name__ == "__main__":
    main()
