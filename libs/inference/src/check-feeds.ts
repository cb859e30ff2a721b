import { InferenceError } from './errors.ts';
import type { TensorSpec, Tensors } from './protocol.ts';
import { elementCount } from './tensor.ts';

/**
 * Checks feeds against a model's declared inputs: names, element types, ranks, fixed sizes, element counts, and that a
 * dimension with one name has one size in all inputs. Throws INPUT_MISMATCH naming the model and the tensor.
 */
export function checkFeeds(model: string, inputs: readonly TensorSpec[], feeds: Tensors): void {
  const free = new Map<string, number>();
  for (const spec of inputs) {
    const fail = (what: string): never => {
      throw new InferenceError('INPUT_MISMATCH', `Input "${spec.name}" of model "${model}" ${what}`);
    };
    const feed = feeds[spec.name] ?? fail('is missing');
    if (feed.type !== spec.type) fail(`must be ${spec.type}, not ${feed.type}`);
    const fits =
      feed.dims.length === spec.shape.length &&
      spec.shape.every((size, axis) => {
        const given = feed.dims[axis] as number;
        if (typeof size === 'number') return given === size;
        const seen = size === '' ? given : (free.get(size) ?? given);
        free.set(size, seen);
        return given === seen;
      });
    if (!fits) fail(`must have shape [${spec.shape.join(', ')}], not [${feed.dims.join(', ')}]`);
    if (elementCount(feed.dims) !== feed.data.length) {
      fail(`holds ${feed.data.length} elements, not the ${elementCount(feed.dims)} of its shape`);
    }
  }
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((spec) => spec.name === name)) {
      throw new InferenceError('INPUT_MISMATCH', `Model "${model}" has no input "${name}"`);
    }
  }
}
