/** The autocomplete service: prefix → ranked completions. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openAccess } from '@atelier/access';
import { AutocompleteService } from '@atelier/contracts';
import { sessionSettings } from '@atelier/inference/service';
import { runService } from '@atelier/process';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { learnFromGenerations } from './learning.ts';
import { loadCompletion } from './model.ts';
import { createSafety } from './safety.ts';
import { autocompleteService } from './service.ts';
import type { Suggester } from './suggester.ts';

/** Longest wait for the verdict on a prompt that is to be suggested to all: nobody waits for that, milliseconds. */
const LEARNING_TIMEOUT_MS = 5_000;

/** When and how often the judge is rehearsed, milliseconds: some percent of a core for the first seconds. */
const [REHEARSE_AFTER_MS, REHEARSE_EVERY_MS] = [2_000, 5];

await runService({
  name: 'autocomplete',
  config,
  start: async ({ config: settings, log, shutdown }) => {
    const access = await openAccess(settings, log);
    const { promptSafetyAddress: address, promptSafetyTimeoutMs: timeoutMs } = settings;
    const safety = createSafety({ address, timeoutMs });
    const patient = createSafety({ address, timeoutMs: LEARNING_TIMEOUT_MS });
    const completion = await loadCompletion(settings.modelBundle, {
      judge: safety.judge,
      modelTimeoutMs: settings.languageModelTimeoutMs,
      session: sessionSettings(settings),
    });
    const { suggesters, neural } = completion;
    let learning: Promise<void> | undefined;
    let rehearsal: Promise<void> | undefined;
    for (const [language, { size }] of suggesters) log.info({ language, prompts: size, neural }, 'loaded');
    return {
      address: settings.listenAddress,
      guard: access?.guard,
      bindings: [bind(AutocompleteService, autocompleteService(suggesters))],
      warm: async () => {
        for (const suggester of suggesters.values()) await suggester.warm();
        rehearsal = rehearse(suggesters.values(), shutdown);
        const {
          natsUrl: servers,
          natsSeedFile: seedFile,
          learnedMinTimes: minTimes,
          learnedMaxPrompts: maxPrompts,
        } = settings;
        if (servers)
          learning = learnFromGenerations(
            { servers, seedFile, suggesters, judge: patient.judge, signal: shutdown, minTimes, maxPrompts },
            (err) => log.warn({ err }, 'not learning from generations'),
          );
      },
      close: async () => {
        await learning;
        await rehearsal;
        patient.close();
        safety.close();
        await completion.close();
      },
    };
  },
});

/** In the background, once the other services of a mesh had the processor for their start. */
async function rehearse(suggesters: Iterable<Suggester>, signal: AbortSignal): Promise<void> {
  await sleep(REHEARSE_AFTER_MS, undefined, { signal, ref: false }).catch(() => {});
  for (const suggester of suggesters) await suggester.rehearse(REHEARSE_EVERY_MS, signal);
}
