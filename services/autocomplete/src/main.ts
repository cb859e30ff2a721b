/** The autocomplete service: prefix → ranked completions. */
import { AutocompleteService } from '@atelier/contracts';
import { sessionSettings } from '@atelier/inference/service';
import { runService } from '@atelier/process';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { loadCompletion } from './model.ts';
import { createSafety } from './safety.ts';
import { autocompleteService } from './service.ts';

await runService({
  name: 'autocomplete',
  config,
  start: async ({ config: settings, log }) => {
    const { promptSafetyAddress: address, promptSafetyTimeoutMs: timeoutMs } = settings;
    const safety = createSafety({ address, timeoutMs });
    const completion = await loadCompletion(settings.modelBundle, {
      isSafe: safety.isSafe,
      modelTimeoutMs: settings.languageModelTimeoutMs,
      session: sessionSettings(settings),
    });
    const { suggesters, neural } = completion;
    for (const [language, { size }] of suggesters) log.info({ language, prompts: size, neural }, 'loaded');
    return {
      address: settings.listenAddress,
      bindings: [bind(AutocompleteService, autocompleteService(suggesters))],
      warm: async () => {
        for (const suggester of suggesters.values()) await suggester.warm();
      },
      close: async () => {
        safety.close();
        await completion.close();
      },
    };
  },
});
