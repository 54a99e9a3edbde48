import { check, type Schemas } from '../envelope.ts';
import { Permanent } from '../errors.ts';
import type { Middleware } from './chain.ts';

/**
 * Checks an event against what `pipeline.json` requires of it and against its schema; the handler gets
 * what the schema made of it. What does not fit never will: a dead letter, with every field that is wrong.
 */
export function validate(schemas: Schemas, required: readonly string[]): Middleware {
  return (delivery, next) => {
    const { event } = delivery;
    const missing = required.filter((field) => event[field] === undefined || event[field] === null);
    if (missing.length > 0) {
      throw new Permanent(`event "${event.event}" lacks required ${missing.join(', ')}`);
    }
    delivery.event = check(schemas, event.event, event);
    return next();
  };
}
