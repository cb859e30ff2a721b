"""Exports a diffusers pipeline as Optimum does: one folder with `model.onnx` and `config.json` for each network."""

import json
import shutil

import onnx
import torch


class TextEncoder(torch.nn.Module):
    """Outputs named as Optimum names them; all hidden states where the pipeline wants the last but one."""

    def __init__(self, model, hidden):
        super().__init__()
        self.model, self.hidden = model, hidden
        first = "text_embeds" if hasattr(model, "text_projection") else None
        self.names = [first, "last_hidden_state"] if first else ["last_hidden_state", "pooler_output"]
        self.outputs = list(self.names)
        if hidden:
            self.outputs += [f"hidden_states.{i}" for i in range(model.config.num_hidden_layers + 1)]

    def forward(self, input_ids):
        out = self.model(input_ids, output_hidden_states=self.hidden)
        return tuple(out[name] for name in self.names) + (tuple(out.hidden_states) if self.hidden else ())


class Unet(torch.nn.Module):
    def __init__(self, model, extra):
        super().__init__()
        self.model, self.extra = model, extra

    def forward(self, sample, timestep, encoder_hidden_states, *values):
        extra = dict(zip(self.extra, values))
        condition = extra.pop("timestep_cond", None)
        return self.model(
            sample, timestep, encoder_hidden_states, timestep_cond=condition, added_cond_kwargs=extra, return_dict=False
        )[0]


class Decoder(torch.nn.Module):
    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, latent_sample):
        return self.vae.decode(latent_sample, return_dict=False)[0]


class Encoder(torch.nn.Module):
    """Mean and log variance, as Optimum exports them."""

    def __init__(self, vae):
        super().__init__()
        self.vae = vae

    def forward(self, sample):
        return self.vae.encode(sample).latent_dist.parameters


def export(module, path, inputs, outputs, free):
    path.parent.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=free,
            opset_version=17,
            dynamo=False,
        )
    onnx.save(shortened(onnx.load(path)), path)


def shortened(model):
    """The same graph with short names inside: the exporter's own are half of a tiny file."""
    graph = model.graph
    kept = {value.name for value in (*graph.input, *graph.output)} | {""}
    names = {}

    def short(name):
        return name if name in kept else names.setdefault(name, f"v{len(names)}")

    for constant in graph.initializer:
        constant.name = short(constant.name)
    for node in graph.node:
        if any(attribute.HasField("g") for attribute in node.attribute):
            raise ValueError("a graph within a graph keeps its names")
        node.name = node.doc_string = ""
        del node.metadata_props[:]
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    del graph.value_info[:]
    return model


def write_config(model, path):
    config = {key: value for key, value in model.config.to_dict().items()} if hasattr(model.config, "to_dict") else dict(model.config)
    path.write_text(json.dumps(config, indent=2, default=str, sort_keys=True) + "\n")


def export_text_encoder(model, folder, hidden):
    wrapped = TextEncoder(model, hidden)
    free = {"input_ids": {0: "batch_size", 1: "sequence_length"}}
    free |= {name: {0: "batch_size"} for name in wrapped.outputs}
    ids = torch.ones(2, model.config.max_position_embeddings, dtype=torch.int32)
    export(wrapped, folder / "model.onnx", {"input_ids": ids}, wrapped.outputs, free)
    write_config(model, folder / "config.json")


def export_unet(model, folder):
    config, kind = model.config, model.dtype
    side = config.sample_size
    inputs = {
        "sample": torch.randn(2, config.in_channels, side, side).to(kind),
        "timestep": torch.tensor([3, 5], dtype=torch.int64),
        "encoder_hidden_states": torch.randn(2, 77, config.cross_attention_dim).to(kind),
    }
    extra = {}
    if config.addition_embed_type == "text_time":
        pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        extra = {"text_embeds": torch.randn(2, pooled).to(kind), "time_ids": torch.ones(2, 6).to(kind)}
    if config.time_cond_proj_dim:
        extra["timestep_cond"] = torch.randn(2, config.time_cond_proj_dim).to(kind)
    free = {name: {0: "batch_size"} for name in (*inputs, *extra, "out_sample")}
    free["sample"] |= {2: "height", 3: "width"}
    free["encoder_hidden_states"] |= {1: "sequence_length"}
    export(Unet(model, list(extra)), folder / "model.onnx", inputs | extra, ["out_sample"], free)
    write_config(model, folder / "config.json")


def export_decoder(vae, folder):
    latents = {"latent_sample": torch.randn(1, vae.config.latent_channels, 16, 16).to(vae.dtype)}
    free = {"latent_sample": {0: "batch_size", 2: "latent_height", 3: "latent_width"}, "sample": {0: "batch_size"}}
    export(Decoder(vae), folder / "model.onnx", latents, ["sample"], free)
    write_config(vae, folder / "config.json")


def export_encoder(vae, folder):
    pictures = {"sample": torch.randn(1, 3, 32, 32).to(vae.dtype)}
    free = {"sample": {0: "batch_size", 2: "height", 3: "width"}, "latent_parameters": {0: "batch_size"}}
    export(Encoder(vae), folder / "model.onnx", pictures, ["latent_parameters"], free)
    write_config(vae, folder / "config.json")


def export_pipeline(pipeline, folder):
    """Writes everything but the tokenizers and the VAE's encoder."""
    two = hasattr(pipeline, "text_encoder_2")
    export_text_encoder(pipeline.text_encoder, folder / "text_encoder", hidden=two)
    if two:
        export_text_encoder(pipeline.text_encoder_2, folder / "text_encoder_2", hidden=True)
    export_unet(pipeline.unet, folder / "unet")
    export_decoder(pipeline.vae, folder / "vae_decoder")
    pipeline.scheduler.save_pretrained(folder / "scheduler")
    index = {key: value for key, value in pipeline.config.items() if value is not None and not key.startswith("_name")}
    (folder / "model_index.json").write_text(json.dumps({"_class_name": type(pipeline).__name__, **index}, indent=2) + "\n")


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
