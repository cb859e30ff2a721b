/** The prompt-safety process. */
import { sessionSettings } from '@atelier/inference/service';
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { loadJudges } from './judges.ts';
import { loadClassifier } from './model.ts';
import { promptSafety } from './service.ts';
import { httpTranslator } from './translator.ts';

await runService({
  name: 'prompt-safety',
  config,
  start: async ({ config: settings, log }) => {
    const { modelBundle, translatorUrl, translatorTimeoutMs } = settings;
    const classifier = modelBundle && (await loadClassifier(modelBundle, sessionSettings(settings)));
    if (!classifier) log.warn({}, 'the bundle has no prompt_safety role: rules decide alone');
    const judges = loadJudges({
      ...(classifier && { classifier }),
      ...(translatorUrl !== undefined && { translate: httpTranslator(translatorUrl, translatorTimeoutMs) }),
    });
    return {
      bindings: [promptSafety(judges, settings.promptSafetyThresholds)],
      address: settings.listenAddress,
      warm: () => judges.warm(),
      close: () => judges.close(),
    };
  },
});
