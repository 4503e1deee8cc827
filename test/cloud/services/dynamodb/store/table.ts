/** Part of a primary key or of an index key. */
export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

/** A secondary index; its entries hold the index key, the table key, and what is projected. */
export interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: {
    readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly NonKeyAttributes?: readonly string[];
  };
}

/** A table as DescribeTable describes it: the part that is read here. */
export interface Table {
  readonly TableName: string;
  readonly TableStatus: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LocalSecondaryIndexes?: readonly Index[];
}

/** A table as CreateTable takes it, on demand unless it says otherwise. Members that are not listed are let be. */
export interface TableInput {
  readonly TableName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: 'S' | 'N' | 'B';
  }[];
  readonly GlobalSecondaryIndexes?: readonly Index[] | undefined;
  readonly LocalSecondaryIndexes?: readonly Index[] | undefined;
  readonly BillingMode?: 'PAY_PER_REQUEST' | 'PROVISIONED' | undefined;
}

/** The names of the attributes that make up a key. */
export function keyNames(schema: readonly KeyElement[]): readonly string[] {
  return schema.map((element) => element.AttributeName);
}

/** The names of the attributes that an entry of `index` holds, or `all`. */
export function projectedNames(table: Table, index: Index): readonly string[] | 'all' {
  const { ProjectionType, NonKeyAttributes } = index.Projection;
  if (ProjectionType === 'ALL') return 'all';
  return [...keyNames(index.KeySchema), ...keyNames(table.KeySchema), ...(NonKeyAttributes ?? [])];
}
