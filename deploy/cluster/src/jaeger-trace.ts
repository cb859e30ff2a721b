/** A trace as Jaeger's query API gives it, read as a graph of who called whom. Pure. */

/** The part of `GET /api/traces/{id}`'s data that matters here. */
export interface JaegerTrace {
  spans: {
    spanID: string;
    processID: string;
    operationName: string;
    references: { refType: string; traceID: string; spanID: string }[];
  }[];
  processes: Record<string, { serviceName: string }>;
}

/** "service: operation" of a span, and of an ancestor of it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

const rpc = (service: string, method: string, caller = 'orchestrator'): Edge => ({
  from: caller,
  to: `${service}: ${method}`,
});

/** Who calls whom, by the operation's last name, while a picture is drawn and enhanced. */
export const JOURNEY: readonly Edge[] = [
  { from: 'orchestrator: CreateGeneration', to: 'orchestrator: publish atelier.jobs.generation' },
  {
    from: 'orchestrator: publish atelier.jobs.generation',
    to: 'orchestrator: process atelier.jobs.generation',
  },
  rpc('prompt-safety', 'ClassifyPrompt'),
  rpc('prompt-enhancement', 'EnhancePrompt'),
  rpc('text-encoder', 'EncodeText'),
  rpc('diffusion', 'GenerateImage'),
  { from: 'diffusion: GenerateImage', to: 'diffusion: diffusion.sample' },
  { from: 'diffusion: diffusion.sample', to: 'diffusion: diffusion.step' },
  rpc('harm-detection', 'ClassifyImage'),
  rpc('super-resolution', 'UpscaleImage'),
];

/** Every edge from a span to its parent, and from a service's span to the calling service. */
export function edgesOf(trace: JaegerTrace): Edge[] {
  const byId = new Map(trace.spans.map((span) => [span.spanID, span]));
  const service = (processId: string): string => trace.processes[processId]?.serviceName ?? '';
  return trace.spans.flatMap((span) => {
    const parentId = span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
    const parent = parentId === undefined ? undefined : byId.get(parentId);
    if (!parent) return [];
    const to = `${service(span.processID)}: ${shortName(span.operationName)}`;
    const caller = service(parent.processID);
    return [
      { from: `${caller}: ${shortName(parent.operationName)}`, to },
      ...(caller === service(span.processID) ? [] : [{ from: caller, to }]),
    ];
  });
}

/** The edges of `expected` that the trace lacks, as "from → to". */
export function missingEdges(trace: JaegerTrace, expected: readonly Edge[] = JOURNEY): string[] {
  const present = new Set(edgesOf(trace).map(({ from, to }) => `${from} → ${to}`));
  return expected.map(({ from, to }) => `${from} → ${to}`).filter((edge) => !present.has(edge));
}

/** "package.Service/Method" → "Method". */
const shortName = (operation: string): string => operation.replace(/^.*\//, '');
