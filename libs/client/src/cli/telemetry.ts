/** Where the command's own spans go: the same places as the services'. */
import { processConfig } from '@atelier/process';

export const telemetryConfig = () => {
  const { traceFile, otlpEndpoint, traceRatio } = processConfig.load(process.env);
  return { traceFile, otlpEndpoint, traceRatio, metricsAddress: undefined };
};
