/** Whether a history is one that the promises allow: accepted is finished, once, the same for everybody. Pure. */
import { GenerationState } from '@atelier/contracts';
import { type Audit, drawingOf, type Glimpse, isFinal, type Observation, stateName } from './history.ts';

export interface Violation {
  /**
   * - `lost`: accepted, and never final, or not there at all
   * - `duplicated`: one request, two generations; or two requests, one
   * - `told-twice`, `not-told`: `finished` is not exactly once in the stream
   * - `two-endings`: a final state or its pictures are not what somebody else saw
   * - `went-back`: a state, attempt or number after one that it can't follow
   * - `beyond-the-end`: a message of a watch after `finished`
   * - `pictures-without-success`, `success-without-pictures`
   * - `another-picture`: the same request for drawing, not the same bytes
   */
  rule: string;
  id: string;
  detail: string;
}

const { ACCEPTED, QUEUED, RUNNING } = GenerationState;
/** States in the order in which they come; all final ones share the last place. */
const rank = (state: GenerationState): number =>
  isFinal(state) ? 4 : [ACCEPTED, QUEUED, RUNNING].indexOf(state as 1 | 2 | 3) + 1;

const ending = ({ state, pictures }: Glimpse): string => `${stateName(state)} ${pictures.join(' ')}`;

export function checkHistory(observations: readonly Observation[], audit: Audit): Violation[] {
  const violations: Violation[] = [];
  const violate = (rule: string, id: string, detail: string): void => {
    violations.push({ rule, id, detail });
  };

  const idOfRequest = new Map<string, string>();
  const requestOfId = new Map<string, string>();
  for (const [id, { requestId }] of audit.records) belong(requestId, id);
  function belong(requestId: string, id: string): void {
    const otherId = idOfRequest.get(requestId);
    if (otherId !== undefined && otherId !== id) violate('duplicated', id, `${requestId} is also ${otherId}`);
    const otherRequest = requestOfId.get(id);
    if (otherRequest !== undefined && otherRequest !== requestId)
      violate('duplicated', id, `answers ${requestId} and ${otherRequest}`);
    idOfRequest.set(requestId, id);
    requestOfId.set(id, requestId);
  }

  /** The latest of each observer of each generation. */
  const latest = new Map<string, { glimpse?: Glimpse; sequence: bigint; finished: boolean }>();
  const endings = new Map<string, string>();
  const look = (id: string, glimpse: Glimpse): void => {
    const { state, pictures } = glimpse;
    const drawn = state === GenerationState.SUCCEEDED;
    if (pictures.length > 0 && !drawn) violate('pictures-without-success', id, ending(glimpse));
    if (pictures.length === 0 && drawn) violate('success-without-pictures', id, ending(glimpse));
    if (!isFinal(state)) return;
    const known = endings.get(id);
    if (known !== undefined && known !== ending(glimpse))
      violate('two-endings', id, `${known}, then ${ending(glimpse)}`);
    endings.set(id, ending(glimpse));
  };

  for (const observation of observations) {
    if (observation.kind === 'accepted') {
      belong(observation.requestId, observation.id);
      continue;
    }
    const { id, observer } = observation;
    const last = latest.get(`${observer} ${id}`) ?? { sequence: 0n, finished: false };
    if (observation.kind === 'told') {
      if (last.finished) violate('beyond-the-end', id, `${observation.sequence} after finished`);
      if (observation.sequence < last.sequence)
        violate('went-back', id, `event ${observation.sequence} after ${last.sequence}`);
      last.sequence = observation.sequence;
      last.finished ||= observation.finished;
    } else {
      const { glimpse } = observation;
      const before = last.glimpse;
      if (before && rank(glimpse.state) < rank(before.state))
        violate('went-back', id, `${stateName(glimpse.state)} after ${stateName(before.state)}`);
      if (before && glimpse.attempt < before.attempt)
        violate('went-back', id, `attempt ${glimpse.attempt} after ${before.attempt}`);
      last.glimpse = glimpse;
      look(id, glimpse);
    }
    latest.set(`${observer} ${id}`, last);
  }

  const drawings = new Map<string, string>();
  for (const [id, requestId] of requestOfId) {
    const record = audit.records.get(id);
    if (!record) {
      violate('lost', id, 'accepted, and not there');
      continue;
    }
    const { glimpse } = record;
    look(id, glimpse);
    if (!isFinal(glimpse.state)) violate('lost', id, `still ${stateName(glimpse.state)}`);
    const told = audit.finished.get(id) ?? 0;
    if (isFinal(glimpse.state) && told === 0) violate('not-told', id, 'the stream has no finished');
    if (told > 1) violate('told-twice', id, `finished ${told} times`);
    if (glimpse.pictures.length === 0) continue;
    const drawing = drawings.get(drawingOf(requestId));
    const pictures = glimpse.pictures.join(' ');
    if (drawing !== undefined && drawing !== pictures) violate('another-picture', id, drawingOf(requestId));
    drawings.set(drawingOf(requestId), pictures);
  }
  return violations;
}
