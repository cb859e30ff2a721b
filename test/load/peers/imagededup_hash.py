"""Peer for `npm run bench -- data`: imagededup's perceptual hash over the files listed on standard input, one process.

Prints JSON: pictures hashed, processor seconds (imports apart; the median of five rounds), version. Needs `pip install imagededup`, or without torch:
`pip install --no-deps imagededup` and `pip install matplotlib pillow PyWavelets scikit-learn scipy tqdm`.
"""

import json
import sys
import time
from importlib.metadata import version
from statistics import median
from types import SimpleNamespace

# The package's neural network fetches weights where its class is defined; hashing uses none of it, nor torch.
sys.modules["imagededup.methods.cnn"] = SimpleNamespace(CNN=None)
sys.modules["imagededup.utils.data_generator"] = SimpleNamespace(img_dataloader=None)
sys.modules["imagededup.utils.models"] = SimpleNamespace(CustomModel=None)
from imagededup.methods import PHash  # noqa: E402

files = [line.strip() for line in sys.stdin if line.strip()]
hasher = PHash(verbose=False)
hasher.encode_image(image_file=files[0])
rounds = []
for _ in range(5):
    started = time.process_time()
    hashes = [hasher.encode_image(image_file=name) for name in files]
    rounds.append(time.process_time() - started)
seconds = median(rounds)
print(json.dumps({"pictures": sum(value is not None for value in hashes), "cpuSeconds": seconds, "version": version("imagededup")}))
