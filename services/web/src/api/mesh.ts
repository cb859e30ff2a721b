/** What the routes reach of the mesh. */
import type { Atelier } from '@atelier/client';
import type { PromptEnhancementService } from '@atelier/contracts';
import type { Log } from '@atelier/process';
import type { Client } from '@atelier/rpc';
import type { RecordInteraction } from '../feedback.ts';

export interface Mesh {
  atelier: Atelier;
  enhancement: Client<typeof PromptEnhancementService>;
  record: RecordInteraction;
  log: Log;
}
