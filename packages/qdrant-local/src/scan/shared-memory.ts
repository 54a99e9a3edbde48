// Packages that compile this source from outside would not see the ambient types otherwise.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./webassembly.d.ts" />
import { SCAN_MODULE } from './scan-bytes.ts';

const PAGE = 64 * 1024;
const MAX_PAGES = 64 * 1024;
/** Blocks begin and end at multiples of this. */
const UNIT = 4096;

interface Extent {
  start: number;
  end: number;
}

/** Parameters as scan.wat has them. */
export interface Kernel {
  scan(
    codes: number,
    width: number,
    meta: number,
    stride: number,
    rows: number,
    query: number,
    unit: number,
    a: number,
    b: number,
    out: number,
  ): void;
  pick(bounds: number, rows: number, floor: number, first: number, list: number): number;
}

/** The kernel over a memory, in whatever thread. */
export const instantiate = (memory: WebAssembly.Memory): Kernel =>
  new WebAssembly.Instance(new WebAssembly.Module(SCAN_MODULE), { env: { memory } })
    .exports as unknown as Kernel;

/**
 * One WebAssembly memory for the whole process, handed out in blocks: the kernel reaches one memory only, and
 * each memory reserves gigabytes of addresses, so that one a collection would not do. Up to 4 GB.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernel: Kernel;
  /** In order of address, no two touching. */
  #free: Extent[] = [];
  #end = 0;

  constructor(maximum = MAX_PAGES) {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum, shared: true });
    this.kernel = instantiate(this.memory);
    this.#free = [{ start: UNIT, end: PAGE }];
    this.#end = PAGE;
  }

  /** The address of a block of at least so many bytes, whose contents are whatever they were. RangeError when full. */
  allocate(bytes: number): number {
    const size = wholeUnits(bytes);
    let extent = this.#free.find(({ start, end }) => end - start >= size);
    if (!extent) {
      this.#grow(size);
      extent = this.#free.at(-1) as Extent;
    }
    const { start } = extent;
    extent.start += size;
    if (extent.start === extent.end) this.#free.splice(this.#free.indexOf(extent), 1);
    return start;
  }

  /** `bytes` as it was allocated. */
  free(start: number, bytes: number): void {
    const end = start + wholeUnits(bytes);
    const next = this.#free.findIndex((extent) => extent.start > start);
    const position = next < 0 ? this.#free.length : next;
    const [before, after] = [this.#free[position - 1], this.#free[position]];
    if (before?.end === start) {
      before.end = end;
      if (after?.start === end) {
        before.end = after.end;
        this.#free.splice(position, 1);
      }
    } else if (after?.start === end) after.start = start;
    else this.#free.splice(position, 0, { start, end });
  }

  /** Makes the last free extent one of at least `size` bytes. */
  #grow(size: number): void {
    const last = this.#free.at(-1);
    const have = last?.end === this.#end ? last.end - last.start : 0;
    const pages = Math.ceil((size - have) / PAGE);
    this.memory.grow(pages);
    const end = this.#end + pages * PAGE;
    if (have > 0 && last) last.end = end;
    else this.#free.push({ start: this.#end, end });
    this.#end = end;
  }
}

const wholeUnits = (bytes: number): number => Math.ceil(bytes / UNIT) * UNIT;

let shared: SharedMemory | undefined | null;

/** Undefined where there is no WebAssembly SIMD or no room for a shared memory: scans are then plain loops. */
export function sharedMemory(): SharedMemory | undefined {
  if (shared === undefined) {
    try {
      shared = new SharedMemory();
    } catch {
      shared = null;
    }
  }
  return shared ?? undefined;
}
