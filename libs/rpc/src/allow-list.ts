/** Who serves each RPC service of the mesh, and who may call it: the one table behind mTLS. What is not listed is denied. */

/** Names that certificates are issued to: services by their folder, and who calls from outside. */
export const MESH_MEMBERS = [
  'orchestrator',
  'autocomplete',
  'prompt-safety',
  'prompt-enhancement',
  'text-encoder',
  'diffusion',
  'harm-detection',
  'super-resolution',
  'web',
  'insights',
  'data-pipeline',
  'evaluator',
  // Teams that call over gRPC themselves.
  'client',
  // Whoever runs the mesh, and its tools.
  'operator',
] as const;
export type MeshMember = (typeof MESH_MEMBERS)[number];

export interface ServiceAccess {
  /** Whose certificate a client of the service expects. */
  readonly servedBy: MeshMember;
  readonly callers: readonly MeshMember[];
}

const EDGE: readonly MeshMember[] = ['web', 'client', 'evaluator'];

/** By full name of the RPC service; all its methods alike. */
export const allowList: Readonly<Record<string, ServiceAccess>> = {
  'atelier.generation.v1.GenerationService': { servedBy: 'orchestrator', callers: EDGE },
  'atelier.autocomplete.v1.AutocompleteService': { servedBy: 'autocomplete', callers: EDGE },
  'atelier.feedback.v1.FeedbackService': { servedBy: 'web', callers: ['client'] },
  'atelier.prompt_safety.v1.PromptSafetyService': {
    servedBy: 'prompt-safety',
    callers: ['orchestrator', 'autocomplete', 'data-pipeline', 'evaluator'],
  },
  'atelier.prompt_enhancement.v1.PromptEnhancementService': {
    servedBy: 'prompt-enhancement',
    callers: ['orchestrator', 'web', 'evaluator'],
  },
  'atelier.text_encoder.v1.TextEncoderService': {
    servedBy: 'text-encoder',
    callers: ['orchestrator', 'evaluator'],
  },
  'atelier.diffusion.v1.DiffusionService': { servedBy: 'diffusion', callers: ['orchestrator', 'evaluator'] },
  'atelier.harm_detection.v1.HarmDetectionService': {
    servedBy: 'harm-detection',
    callers: ['orchestrator', 'data-pipeline', 'evaluator'],
  },
  'atelier.super_resolution.v1.SuperResolutionService': {
    servedBy: 'super-resolution',
    callers: ['orchestrator', 'evaluator'],
  },
  'atelier.insights.v1.InsightsService': { servedBy: 'insights', callers: ['web', 'evaluator', 'operator'] },
};

/** Whether `caller`, undefined for a certificate without a name of the mesh, may call `service`. */
export function mayCall(caller: string | undefined, service: string): boolean {
  return allowList[service]?.callers.some((member) => member === caller) ?? false;
}
