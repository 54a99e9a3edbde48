import { formatError } from '../errors.ts';
import { isObject, readArray, readObject, readString } from './read.ts';

export type AliasAction =
  | { kind: 'create'; alias: string; collection: string }
  | { kind: 'delete'; alias: string }
  | { kind: 'rename'; from: string; to: string };

function readAction(value: unknown): AliasAction {
  const fields = readObject(value, 'actions');
  const { create_alias: create, delete_alias: remove, rename_alias: rename } = fields;
  if (isObject(create)) {
    return {
      kind: 'create',
      alias: readString(create['alias_name'], 'alias_name'),
      collection: readString(create['collection_name'], 'collection_name'),
    };
  }
  if (isObject(remove)) return { kind: 'delete', alias: readString(remove['alias_name'], 'alias_name') };
  if (isObject(rename)) {
    return {
      kind: 'rename',
      from: readString(rename['old_alias_name'], 'old_alias_name'),
      to: readString(rename['new_alias_name'], 'new_alias_name'),
    };
  }
  throw formatError('data did not match any variant of untagged enum AliasOperations');
}

export const readAliasActions = (body: unknown): AliasAction[] =>
  readArray(readObject(body, 'body')['actions'], 'actions').map(readAction);
