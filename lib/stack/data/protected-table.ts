import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CustomerKey } from './customer-key.ts';

/** The actions that a function may be given on a table; a transaction needs those of its parts. */
export type TableAction =
  'BatchGetItem' | 'ConditionCheckItem' | 'DeleteItem' | 'GetItem' | 'PutItem' | 'Query' | 'UpdateItem';

/** Patterns of the partition keys that an action is confined to. */
export type Confined = Partial<Record<TableAction, readonly string[]>>;

export interface ProtectedTableProps {
  readonly key: CustomerKey;
  /** Items are told apart by `sk` beside `pk`. */
  readonly sorted: boolean;
  /** Sparse index of what is due: (`dueShard`, `dueAt`), keys only. @default false */
  readonly due?: boolean;
}

/** For items whose partition key is like one of these. */
const onlyKeys = (...patterns: string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
  // ForAllValues holds for a key that is absent
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const text = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * A table that a mistake does not lose: deletion protection, recovery to any second of the last 35 days, kept when
 * the stack goes. No item expires by itself: DynamoDB's TTL is never a control.
 */
export class ProtectedTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;
  readonly #key: CustomerKey;

  constructor(scope: Construct, id: string, props: ProtectedTableProps) {
    super(scope, id);
    const table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      ...(props.sorted && { sortKey: text('sk') }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (props.due)
      table.addGlobalSecondaryIndex({
        indexName: 'due',
        partitionKey: text('dueShard'),
        sortKey: text('dueAt'),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    this.tableName = table.tableName;
    this.tableArn = table.tableArn;
    this.#key = props.key;
  }

  /** Allows exactly these actions on the items of the table, not on its indexes; on some keys alone where that is said. */
  grantActions(grantee: IGrantable, actions: readonly TableAction[], confined: Confined = {}): void {
    const anywhere = actions.filter((action) => confined[action] === undefined);
    if (anywhere.length > 0) this.#grant(grantee, anywhere, this.tableArn);
    for (const action of actions) {
      const keys = confined[action];
      if (keys) this.#grant(grantee, [action], this.tableArn, onlyKeys(...keys));
    }
  }

  /** Allows to sweep what is due; the index holds keys only. */
  grantQueryDue(grantee: IGrantable): void {
    this.#grant(grantee, ['Query'], `${this.tableArn}/index/due`);
  }

  /**
   * Allows to add entries and their pending markers, inside a transaction only.
   * IAM cannot demand `attribute_not_exists`: an entry overwritten by its own writer is detected, not prevented.
   */
  grantAppend(grantee: IGrantable): void {
    this.#grant(grantee, ['PutItem'], this.tableArn, {
      ...onlyKeys('entry#*', 'pending#*'),
      // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
      StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' },
    });
  }

  /** Allows to look at what is sealed and at what waits for it. */
  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, ['GetItem', 'Query'], this.tableArn);
  }

  /** Allows what sealing needs: to read, to put order rows, checkpoints and the head, to forget markers. */
  grantSeal(grantee: IGrantable): void {
    this.#grant(grantee, ['BatchGetItem', 'GetItem', 'Query'], this.tableArn);
    this.#grant(grantee, ['PutItem'], this.tableArn, onlyKeys('order#*', 'checkpoint#*', 'head'));
    this.#grant(grantee, ['DeleteItem'], this.tableArn, onlyKeys('pending#*'));
  }

  /** Forbids every way to change or remove an item, whatever else is allowed; markers are no evidence. */
  denyChange(grantee: IGrantable, { mayForgetMarkers }: { readonly mayForgetMarkers: boolean }): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      PolicyStatement.fromJson({
        Effect: 'Deny',
        Action: [
          'dynamodb:BatchWriteItem',
          ...(mayForgetMarkers ? [] : ['dynamodb:DeleteItem']),
          'dynamodb:PartiQLDelete',
          'dynamodb:PartiQLInsert',
          'dynamodb:PartiQLSelect',
          'dynamodb:PartiQLUpdate',
          'dynamodb:UpdateItem',
        ],
        Resource: this.tableArn,
      }),
    );
  }

  #grant(
    grantee: IGrantable,
    actions: readonly TableAction[],
    resource: string,
    conditions: Record<string, Record<string, string | string[]>> = {},
  ): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [resource],
        conditions,
      }),
    );
    this.#key.grantUse(grantee, 'tables');
  }
}
