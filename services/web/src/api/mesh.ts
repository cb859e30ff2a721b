/** What the routes reach of the mesh. */
import type { Atelier } from '@atelier/client';
import type { PromptEnhancementService } from '@atelier/contracts';
import type { Log } from '@atelier/process';
import type { Client } from '@atelier/rpc';
import type { RecordInteraction } from '../feedback.ts';
import type { Experiment } from './experiment.ts';

export interface Mesh {
  atelier: Atelier;
  enhancement: Client<typeof PromptEnhancementService>;
  record: RecordInteraction;
  /** None: everybody draws with the model's own settings. */
  experiment?: Experiment | undefined;
  log: Log;
}
