/** The ensemble that judges pictures. Every member must answer: a picture that one could not judge is not judged. */
import { openBundle } from '@atelier/models';
import { createBundledClassifier, ROLE } from './classifiers/bundled.ts';
import type { Classifier, ClassifierVersion } from './classifiers/classifier.ts';
import { createNsfwClassifier, type NsfwOptions } from './classifiers/nsfwjs.ts';
import type { Pixels } from './picture.ts';
import { type Policy, shippedPolicy, toCategories } from './policy.ts';
import { decide, type Verdict } from './verdict.ts';

export interface Judge {
  readonly policy: Policy;
  /** @throws whatever a classifier throws; no verdict then. */
  judge(picture: Pixels, signal: AbortSignal): Promise<{ verdict: Verdict; version: ClassifierVersion }>;
  /** A first picture, so that no request waits for code to be compiled. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** An ensemble of at least one classifier under a policy. */
export function createJudge(policy: Policy, classifiers: readonly Classifier[]): Judge {
  const first = classifiers[0];
  if (first === undefined) throw new Error('an ensemble needs a classifier');
  const judge: Judge['judge'] = async (picture, signal) => {
    const members = await Promise.all(
      classifiers.map(async (classifier) =>
        toCategories(policy, classifier.version.name, await classifier.classify(picture, signal)),
      ),
    );
    const verdict = decide(policy, members);
    return { verdict, version: (classifiers[verdict.member] ?? first).version };
  };
  return {
    policy,
    judge,
    async warm() {
      const grey = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(127) };
      await judge(grey, new AbortController().signal);
    },
    async close() {
      await Promise.all(classifiers.map((classifier) => classifier.close()));
    },
  };
}

/** nsfwjs, and the bundle's own classifier when the bundle has one. @throws BundleError for a damaged bundle. */
export async function loadJudge(options: NsfwOptions & { bundlePath: string | undefined }): Promise<Judge> {
  const classifiers = [await createNsfwClassifier(options)];
  if (options.bundlePath !== undefined) {
    const bundle = await openBundle(options.bundlePath, { roles: [] });
    if (bundle.has(ROLE)) {
      const checked = await openBundle(options.bundlePath, { roles: [ROLE] });
      classifiers.push(await createBundledClassifier(checked, options));
    }
  }
  return createJudge(shippedPolicy(), classifiers);
}
