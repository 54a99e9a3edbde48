import { formatPath } from '../payload/json-path.ts';
import type { FilterContext } from './compile.ts';
import { indexedValues } from './field-test.ts';
import type { Condition, Filter } from './types.ts';

type Slots = ReadonlySet<number>;

/** The sets whose union holds every match of the condition, or undefined. */
function conditionCandidates(condition: Condition, context: FilterContext): Slots[] | undefined {
  switch (condition.kind) {
    case 'hasId': {
      const slots = [...condition.ids].map((id) => context.points.slotOf(id));
      return [new Set(slots.filter((slot) => slot !== undefined))];
    }
    case 'match': {
      const index = context.fields.get(formatPath(condition.path));
      const { match } = condition;
      if (match.kind === 'text' && index?.text) return [context.textMatches(index, match)];
      if (match.kind !== 'any') return undefined;
      const values = indexedValues(index, match.values);
      return values && index?.slotsOf(values);
    }
    case 'filter': {
      const inner = filterCandidates(condition.filter, context);
      return inner && [inner];
    }
    default:
      return undefined;
  }
}

const sizeOf = (sets: Slots[]): number => sets.reduce((sum, set) => sum + set.size, 0);

const union = (sets: Slots[]): Slots => {
  const [first, ...others] = sets;
  if (first && others.length === 0) return first;
  const all = new Set<number>();
  for (const set of sets) for (const slot of set) all.add(slot);
  return all;
};

/** The slots outside of which nothing matches the filter, when an index or a list of ids can tell. */
export function filterCandidates(filter: Filter, context: FilterContext): Slots | undefined {
  const choices: Slots[][] = [];
  for (const condition of filter.must) {
    const sets = conditionCandidates(condition, context);
    if (sets) choices.push(sets);
  }
  const should = filter.should.map((condition) => conditionCandidates(condition, context));
  if (should.length > 0 && should.every((sets) => sets !== undefined)) choices.push(should.flat());
  choices.sort((a, b) => sizeOf(a) - sizeOf(b));
  return choices[0] && union(choices[0]);
}
