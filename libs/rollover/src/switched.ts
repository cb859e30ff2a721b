/** Bindings that hand each call to the edition that is to serve it. */
import type { Binding, CallContext } from '@atelier/rpc';
import type { DescMessage, Message, MessageInitShape } from '@bufbuild/protobuf';
import type { Edition } from './edition.ts';

type Answer = MessageInitShape<DescMessage>;
type Unary = (request: Message, call: CallContext) => Promise<Answer>;
type Stream = (request: Message, call: CallContext) => AsyncIterable<Answer>;

/** @param first any edition: all have the same services. @param pick the edition for a request. */
export function switched(
  first: readonly Binding[],
  pick: (request: Message) => Edition | Promise<Edition>,
): Binding[] {
  return first.map(({ service, methods }, place) => ({
    service,
    methods: methods.map((bound, index): Binding['methods'][number] => {
      const handlerIn = ({ model }: Edition) => model.bindings[place]?.methods[index]?.handler;
      if (bound.kind === 'unary') {
        const handler: Unary = async (request, call) => {
          const edition = await pick(request);
          const leave = edition.enter();
          try {
            return await (handlerIn(edition) as Unary)(request, call);
          } finally {
            leave();
          }
        };
        return { ...bound, handler };
      }
      const handler: Stream = async function* (request, call) {
        const edition = await pick(request);
        const leave = edition.enter();
        try {
          yield* (handlerIn(edition) as Stream)(request, call);
        } finally {
          leave();
        }
      };
      return { ...bound, handler };
    }),
  }));
}
