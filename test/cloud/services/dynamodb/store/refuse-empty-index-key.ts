import { validationRefusal } from './refusals.ts';
import { keyNames, type Table } from './table.ts';
import type { Item } from './item.ts';

/**
 * Throws ValidationException when an attribute that keys an index is empty: DynamoDB takes empty strings and
 * binaries in no key, also not in one of an index. dynalite does not check this.
 */
export function refuseEmptyIndexKey(
  table: Table,
  item: Item,
  action: 'putItem' | 'updateItem' | 'deleteItem',
): void {
  for (const index of [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])])
    for (const name of keyNames(index.KeySchema)) {
      const kind = emptyKind(item, name);
      if (!kind) continue;
      const rule = `The AttributeValue for a key attribute cannot contain an empty ${kind} value.`;
      throw validationRefusal(
        action === 'updateItem'
          ? 'One or more parameter values are not valid. The update expression attempted to update a secondary' +
              ` index key to a value that is not supported. ${rule}`
          : 'One or more parameter values are not valid. A value specified for a secondary index key is not' +
              ` supported. ${rule} IndexName: ${index.IndexName}, IndexKey: ${name}`,
      );
    }
}

function emptyKind(item: Item, name: string): 'string' | 'binary' | undefined {
  const value = item[name];
  if (!value) return undefined;
  if ('S' in value && value.S === '') return 'string';
  if ('B' in value && value.B === '') return 'binary';
  return undefined;
}
