import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { AuthoritySecrets } from './data/authority-secrets.ts';
import type { ClientSecrets } from './data/client-secrets.ts';
import type { KeySecret } from './data/key-secret.ts';
import type { LedgerKey } from './data/ledger-key.ts';
import type { Permissions } from './permissions.ts';
import type { ProtectedTable } from './data/protected-table.ts';
import type { SignalBus } from './signal-bus.ts';
import type { WorkQueue } from './compute/work-queue.ts';

/** What the stack has that a function may be given. */
export interface Grantables {
  readonly tables: Readonly<Record<keyof Permissions['tables'], ProtectedTable>>;
  readonly ledger: ProtectedTable;
  readonly ledgerKey: LedgerKey;
  readonly keys: Readonly<Record<keyof Permissions['keys'], KeySecret>>;
  readonly authoritySecrets: AuthoritySecrets;
  readonly clientSecrets: ClientSecrets;
  readonly queues: Readonly<Record<Permissions['sendsTo'][number] | 'exhausted', WorkQueue>>;
  readonly bus: SignalBus;
}

/** Turns one row of `permissions` into statements; each owner writes its own. */
export function grantPermissions(grantee: IGrantable, permissions: Permissions, owners: Grantables): void {
  for (const [table, actions] of entries(permissions.tables))
    owners.tables[table].grantActions(grantee, actions, permissions.confined?.[table]);
  for (const table of permissions.due) owners.tables[table].grantQueryDue(grantee);
  if (permissions.appends) owners.ledger.grantAppend(grantee);
  if (permissions.readsLedger) owners.ledger.grantRead(grantee);
  if (permissions.seals) {
    owners.ledger.grantSeal(grantee);
    owners.ledgerKey.grantSign(grantee);
  }
  owners.ledger.denyChange(grantee, { mayForgetMarkers: permissions.seals === true });
  for (const [key, actions] of entries(permissions.keys)) owners.keys[key].grantActions(grantee, actions);
  if (permissions.readsAuthoritySecrets) owners.authoritySecrets.grantRead(grantee);
  if (permissions.clientSecrets) owners.clientSecrets.grantUse(grantee, permissions.clientSecrets);
  for (const queue of permissions.sendsTo) owners.queues[queue].grantSend(grantee);
  for (const queue of permissions.takesFrom ?? []) owners.queues[queue].grantTake(grantee);
  for (const queue of permissions.retriesSoon ?? []) owners.queues[queue].grantRetrySoon(grantee);
  if (permissions.announces) owners.bus.grantPutEvents(grantee);
}

function entries<Key extends string, Value>(record: Partial<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
