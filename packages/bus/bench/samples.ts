import { median } from './setting.ts';

/** What the rounds measured, by name. */
export class Samples {
  private readonly values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const known = this.values.get(name);
    if (known) known.push(value);
    else this.values.set(name, [value]);
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  median(name: string): number {
    return median(this.values.get(name) ?? []);
  }

  /** The lowest and the highest ratio of a round: how noisy the machine was. */
  ratios(over: string, under: string): [number, number] {
    const below = this.values.get(under) ?? [];
    const each = (this.values.get(over) ?? []).map((value, i) => value / below[i]!);
    return [Math.min(...each), Math.max(...each)];
  }
}
