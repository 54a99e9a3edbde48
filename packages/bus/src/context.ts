import type { Sealed } from './envelope.ts';
import { Permanent } from './errors.ts';
import type { Context, Logger } from './service.ts';
import type { Entry } from './transport.ts';

/** Outputs of one event: they leave in one step, which holds Redis up. */
const MOST_OUTPUTS = 10_000;

type Sealer = (ordinal: number, event: string, fields: Readonly<Record<string, unknown>>) => Sealed;

/** What a handler is given; what few handlers ask for is made when it is asked for. */
export class DeliveryContext implements Context {
  readonly attempt: number;
  readonly log: Logger;
  /** Another will do it: what this handler still does has no outcome. */
  handedBack = false;
  private readonly outputs: Sealed[] = [];
  private sealer: Sealer | undefined;
  private controller: AbortController | undefined;
  private reason: Error | undefined;

  constructor(entry: Entry, log: Logger) {
    this.attempt = entry.deliveries;
    this.log = log;
  }

  /** From now on it emits, through `sealer`. */
  open(sealer: Sealer): void {
    this.sealer = sealer;
  }

  /** From now on it does not. @returns what it emitted */
  close(): readonly Sealed[] {
    this.sealer = undefined;
    return this.outputs;
  }

  emit(event: string, fields: Readonly<Record<string, unknown>>): void {
    if (!this.sealer) throw new Error(`"${event}" emitted after its handler had ended: await what it does`);
    if (this.outputs.length === MOST_OUTPUTS) {
      throw new Permanent(`one event may emit ${MOST_OUTPUTS} others at most: say where they lie instead`);
    }
    this.outputs.push(this.sealer(this.outputs.length, event, fields));
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.reason) this.controller.abort(this.reason);
    return this.controller.signal;
  }

  abort(reason: Error): void {
    this.reason = reason;
    this.handedBack = true;
    this.controller?.abort(reason);
  }
}
