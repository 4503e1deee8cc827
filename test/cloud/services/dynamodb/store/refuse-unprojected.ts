import { validationRefusal } from './refusals.ts';
import { projectedNames, type Table } from './table.ts';

/** A path of a projection: the name of an attribute, or the steps into a document. */
type Path = string | readonly (string | number)[];

/**
 * Throws ValidationException when a read of a global index asks for an attribute that the index does not hold:
 * a global index never looks into the table. dynalite would answer without the attribute.
 */
export function refuseUnprojected(table: Table, indexName: string, request: object): void {
  const index = table.GlobalSecondaryIndexes?.find((one) => one.IndexName === indexName);
  if (!index) return;
  const held = projectedNames(table, index);
  if (held === 'all') return;
  const missing = projectedPaths(request)
    .map((path) => String(typeof path === 'string' ? path : path[0]))
    .filter((name) => !held.includes(name));
  if (missing.length > 0)
    throw validationRefusal(
      'One or more parameter values were invalid: ' +
        `Global secondary index ${indexName} does not project [${missing.join(', ')}]`,
    );
}

// dynalite leaves a parsed ProjectionExpression in the request under this name
function projectedPaths(request: object): readonly Path[] {
  const { _projection, AttributesToGet } = request as {
    readonly _projection?: { readonly paths: readonly Path[] };
    readonly AttributesToGet?: readonly string[];
  };
  return _projection?.paths ?? AttributesToGet ?? [];
}
