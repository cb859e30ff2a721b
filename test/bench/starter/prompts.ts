/** Held-out prompts: captions of scenes that no model was trained on, with what each states. */
import { type Attributes, composeScene, createRandom, type Domain } from '@atelier/scenes';

/** Training draws its scenes from seeds of 1,000,000 and above; these lie below 100,000. */
const FIRST_SEED = 50_000;

export interface HeldOutPrompt {
  /** Seed of the scene; the picture is drawn with the same one. */
  seed: number;
  text: string;
  domain: Domain;
  /** Only what the caption states. */
  stated: Attributes;
}

/** `count` prompts, one caption a scene, chosen by the scene's seed. The same for every run. */
export function heldOutPrompts(count: number): HeldOutPrompt[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = FIRST_SEED + index;
    const scene = composeScene(seed);
    const caption = createRandom(`caption/${seed}`).pick(scene.captions);
    const stated = Object.fromEntries(
      caption.states.flatMap((key) => {
        const value = scene.attributes[key];
        return value === undefined ? [] : [[key, value]];
      }),
    );
    return { seed, text: caption.text, domain: scene.domain, stated };
  });
}
