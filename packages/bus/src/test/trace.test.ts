import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { trace, type Context, type Span, type SpanOptions, type TracerProvider } from '@opentelemetry/api';
import { Permanent } from '../index.ts';
import { bench, until } from './harness.ts';
import { feed, loose, made, onChannel, stage } from './stage.ts';

type Recorded = {
  name: string;
  traceId: string;
  spanId: string;
  parent: string | undefined;
  attributes: SpanOptions['attributes'];
  ended: boolean;
  failure?: string | undefined;
};

/** The least that an SDK is: it makes spans, children of the one in their context. */
function provider(spans: Recorded[]): TracerProvider {
  const startSpan = (name: string, options: SpanOptions = {}, parent?: Context): Span => {
    const above = parent && trace.getSpanContext(parent);
    const span: Recorded = {
      name,
      traceId: above?.traceId ?? randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      parent: above?.spanId,
      attributes: options.attributes,
      ended: false,
    };
    spans.push(span);
    const { traceId, spanId } = span;
    const made = {
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
      end: () => void (span.ended = true),
      setStatus: ({ message }: { message?: string }) => ((span.failure = message), made),
      recordException: () => {},
    };
    return made as unknown as Span;
  };
  return { getTracer: () => ({ startSpan, startActiveSpan: () => assert.fail('not used') }) };
}

test('with an SDK each delivery is a span, child of the emitter, and parent of what is emitted', async () => {
  const spans: Recorded[] = [];
  trace.setGlobalTracerProvider(provider(spans));
  const b = await bench();
  try {
    const first = loose(b.service('first', stage({ attempts: 2 })));
    first.on('ring', () => {
      throw new Permanent('out of order');
    });
    first.on('tick', (e, ctx) => {
      if (ctx.attempt === 1) throw new Error('not yet');
      ctx.emit('made', { n: e.n });
    });
    const [traceId, parent] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    await feed(b, 'clock', [1], { traceparent: `00-${traceId}-${parent}-01` });
    await first.start();
    await until('made', async () => (await made(b)).length === 1);
    const [failed, done, ...others] = spans;
    assert.deepEqual(others, []);
    for (const span of [failed!, done!]) {
      assert.deepEqual([span.name, span.traceId, span.parent], ['process tick', traceId, parent]);
      assert.equal(span.attributes!['messaging.destination.name'], 'clock');
      assert.equal(span.attributes!['messaging.consumer.group.name'], 'first');
      assert.ok(span.ended);
    }
    assert.deepEqual([failed!.failure, done!.failure], ['not yet', undefined]);
    const [output] = await onChannel(b, 'first');
    assert.equal(output!['traceparent'], `00-${traceId}-${done!.spanId}-01`);

    await feed(b, 'bell', [1]);
    await until('the second run', () => spans.length === 3 && spans[2]!.ended);
    assert.equal(spans[2]!.parent, undefined, 'nobody above: a trace of its own');
    assert.equal(spans[2]!.failure, 'out of order');
  } finally {
    await b.close();
    trace.disable();
  }
});
