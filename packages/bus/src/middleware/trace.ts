import {
  context,
  isSpanContextValid,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
  type SpanContext,
} from '@opentelemetry/api';
import type { Middleware } from './chain.ts';

/**
 * W3C trace context in the envelope (`traceparent`), over the OpenTelemetry API alone: without an SDK
 * in the process, the context of the input is handed on as it is; with one, each delivery is a
 * consumer span (OpenTelemetry's semantic conventions for messaging), child of whoever emitted it.
 */
export function tracing(service: string): Middleware {
  const tracer = trace.getTracer(SCOPE);
  return (delivery, next) => {
    const { event, entry, outgoing } = delivery;
    const { traceparent: given } = event;
    if (!hasSdk()) {
      if (given !== undefined && parseTraceparent(given)) outgoing['traceparent'] = given;
      return next();
    }
    const remote = parseTraceparent(given);
    const parent = remote ? trace.setSpanContext(context.active(), remote) : context.active();
    const span = tracer.startSpan(
      `process ${event.event}`,
      {
        kind: SpanKind.CONSUMER,
        attributes: {
          'messaging.system': 'redis',
          'messaging.operation.type': 'process',
          'messaging.destination.name': entry.channel,
          'messaging.consumer.group.name': service,
          'messaging.message.id': event.id,
          'messaging.message.conversation_id': event.correlation_id,
        },
      },
      parent,
    );
    const traceparent = formatTraceparent(span.spanContext());
    if (traceparent) outgoing['traceparent'] = traceparent;
    return context.with(trace.setSpan(parent, span), next).then(
      () => span.end(),
      (error: Error) => {
        span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
        span.end();
        throw error;
      },
    );
  };
}

const SCOPE = '@afk/bus';

/** Whether this process has registered an OpenTelemetry SDK. */
function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(SCOPE) !== undefined;
}

/** The context of the span that is active now, as a `traceparent`; undefined where there is none. */
export function activeTraceparent(): string | undefined {
  const span = trace.getActiveSpan();
  return span && formatTraceparent(span.spanContext());
}

/** Reads a `traceparent` (W3C Trace Context, level 1); undefined where it is none. */
export function parseTraceparent(text: unknown): SpanContext | undefined {
  if (typeof text !== 'string') return undefined;
  const match = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/.exec(text);
  if (!match) return undefined;
  const found = {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: parseInt(match[3]!, 16),
    isRemote: true,
  };
  return isSpanContextValid(found) ? found : undefined;
}

function formatTraceparent({ traceId, spanId, traceFlags, ...rest }: SpanContext): string | undefined {
  if (!isSpanContextValid({ traceId, spanId, traceFlags, ...rest })) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
