import { describe } from 'node:test';
import { casesOn, type ConformanceBench } from './bench.ts';
import { adoption } from './adoption.ts';
import { emitting } from './emitting.ts';
import { finishing } from './finishing.ts';
import { leases } from './leases.ts';
import { letters } from './letters.ts';
import { postponing } from './postponing.ts';
import { reading } from './reading.ts';
import { stopping } from './stopping.ts';

/**
 * What every implementation of `Transport` and `Member` must do, as tests of node:test.
 *
 * @param open a place of one test's own, empty at first
 */
export function transportConformance(name: string, open: () => Promise<ConformanceBench>): void {
  const parts = { emitting, reading, finishing, postponing, leases, stopping, letters, adoption };
  // Mostly waiting: several at once, each on a bench of its own.
  describe(`${name} conforms`, { concurrency: 2 }, () => {
    for (const [part, register] of Object.entries(parts)) {
      describe(part, { concurrency: 3 }, () => register(casesOn(open)));
    }
  });
}
