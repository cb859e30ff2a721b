/** The prompt-safety process. */
import { sessionSettings } from '@atelier/inference/service';
import { runService } from '@atelier/process';
import { type LoadedModel, rollover } from '@atelier/rollover';
import { config } from './config.ts';
import { loadJudges } from './judges.ts';
import { loadClassifier } from './model.ts';
import { loadReader } from './reader/reader.ts';
import { withSecondOpinion } from './second-opinion.ts';
import { promptSafety } from './service.ts';
import { httpTranslator } from './translator.ts';

await runService({
  name: 'prompt-safety',
  config,
  start: async ({ config: settings, log, shutdown }) => {
    const { promptEncoder, translatorUrl, translatorTimeoutMs } = settings;
    const load = async (folder: string | undefined): Promise<LoadedModel> => {
      const classifier = folder && (await loadClassifier(folder, sessionSettings(settings)));
      if (!classifier) log.warn({}, 'the bundle has no prompt_safety role: rules decide alone');
      const reader =
        folder && promptEncoder && (await loadReader(folder, promptEncoder, sessionSettings(settings)));
      if (!reader)
        log.warn({}, 'no prompt encoder, or no prompt_reader in the bundle: prompts are read less well');
      const judges = loadJudges({
        ...(classifier && { classifier }),
        ...(reader && { reader: classifier ? withSecondOpinion(reader, classifier) : reader }),
        ...(translatorUrl !== undefined && { translate: httpTranslator(translatorUrl, translatorTimeoutMs) }),
      });
      return {
        bindings: [promptSafety(judges, settings.promptSafetyThresholds)],
        warm: () => judges.warm(),
        close: () => judges.close(),
      };
    };
    const service = await rollover({ path: settings.modelBundle, load, log, shutdown });
    return { ...service, address: settings.listenAddress };
  },
});
