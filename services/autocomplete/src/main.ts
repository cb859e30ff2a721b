/** The autocomplete service: prefix → ranked completions. */
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

/** Longest wait for the verdict on a prompt that is to be suggested to all: nobody waits for that, milliseconds. */
const LEARNING_TIMEOUT_MS = 5_000;

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
    for (const [language, { size }] of suggesters) log.info({ language, prompts: size, neural }, 'loaded');
    return {
      address: settings.listenAddress,
      guard: access?.guard,
      bindings: [bind(AutocompleteService, autocompleteService(suggesters))],
      warm: async () => {
        for (const suggester of suggesters.values()) await suggester.warm();
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
        patient.close();
        safety.close();
        await completion.close();
      },
    };
  },
});
