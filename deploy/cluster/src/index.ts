/** What the cluster's programs and the tests share. */
export { checkPicture } from './check-picture.ts';
export { type Edge, edgesOf, type JaegerTrace, JOURNEY, missingEdges } from './jaeger-trace.ts';
