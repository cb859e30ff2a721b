"""What a bundle's text encoder reads out of captions, for the models that are trained on top of it."""

from collections.abc import Sequence
from pathlib import Path

import onnxruntime
import torch
from torch import Tensor

from .attributes import AttributeSpace
from .bundle import read_manifest
from .conditions import AttributeEmbedding
from .tokenizer import load_tokenizer
from .tokens import encode_texts


class CaptionReader:
    """The role `text_encoder` of a bundle, as the services run it. Raises KeyError when the bundle has none."""

    def __init__(self, bundle: Path) -> None:
        role = read_manifest(bundle)["roles"]["text_encoder"]
        self.space = AttributeSpace.from_dict(role["config"]["attributes"])
        self.dim: int = role["config"]["dim"]
        self.window: int = role["config"]["window"]
        self.tokenizer_path = bundle / role["files"]["tokenizer"]["path"]
        self.tokenizer = load_tokenizer(self.tokenizer_path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, torch.get_num_threads())
        self.session = onnxruntime.InferenceSession(str(bundle / role["files"]["model"]["path"]), options)
        self.inverse = torch.linalg.pinv(AttributeEmbedding(self.space, self.dim).values)

    def hidden_states(self, texts: Sequence[str]) -> Tensor:
        """Tokens [B, K, dim] of the captions."""
        ids, mask = encode_texts(self.tokenizer, texts, self.window)
        outputs = self.session.run(["hidden_states"], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        return torch.from_numpy(outputs[0])

    def classes(self, texts: Sequence[str]) -> Tensor:
        """Most probable class [B, K] of every attribute; 0 where a caption leaves it open."""
        return torch.einsum("bkd,kdw->bkw", self.hidden_states(texts), self.inverse).argmax(-1)
