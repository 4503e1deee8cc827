import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { dueMsMax, dueShards, partnerShards } from '../../../domain/limits.ts';
import { isGrant, originsOf } from '../../../domain/inventory/delegation.ts';
import { consentName, credentialName } from '../../../domain/names.ts';
import type { Write } from '../../../domain/transaction/write.ts';
import { check, isNew, put, remove, update } from '../expressions.ts';
import { type Key, registryKeys, rotationShard, shardName } from '../keys.ts';

type WriteOf<Kind extends Write['kind']> = Extract<Write, { readonly kind: Kind }>;

/** Condition: the row is new, or still has `from`, which is lower than `to`. The number only rises, even where the decision was wrong. */
export const raised = (name: 'generation' | 'revision', from: number | null, to: number) =>
  from === null ? isNew : { if: `#${name} = :from AND #${name} < :to`, values: { from, to } };

/** Puts a row that an operator registered. */
export const register = (
  key: Key,
  row: { readonly revision: number },
  from: number | null,
  registry: string,
): TransactWriteItem => put(registry, { ...key, ...row }, raised('revision', from, row.revision));

export function requirePartner(
  { partner, revision }: WriteOf<'require-partner'>,
  registry: string,
): TransactWriteItem {
  const condition =
    revision === undefined
      ? { if: 'attribute_exists(#pk)' }
      : { if: '#revision = :revision', values: { revision } };
  return check(registry, registryKeys.partner(partner), condition);
}

export function publishKeys(
  { jwks, keyId, from }: WriteOf<'publish-keys'>,
  registry: string,
): TransactWriteItem {
  const condition = from === null ? isNew : { if: '#keyId = :from', values: { from } };
  return put(registry, { ...registryKeys.publicKeys(), jwks, keyId }, condition);
}

/** Puts the link in two rows, so that it is found from both ends. */
export const linkCustomer = (
  { customer }: WriteOf<'link-customer'>,
  registry: string,
): TransactWriteItem[] => [
  put(registry, { ...registryKeys.customer(customer.print), ...customer }, isNew),
  put(registry, { ...registryKeys.pseudonym(customer.pseudonym), ...customer }, isNew),
];

export function forgetCustomer(
  { customer: { print, pseudonym } }: WriteOf<'forget-customer'>,
  registry: string,
): TransactWriteItem[] {
  return [
    remove(registry, registryKeys.customer(print), { if: '#pseudonym = :pseudonym', values: { pseudonym } }),
    remove(registry, registryKeys.pseudonym(pseudonym), { if: '#print = :print', values: { print } }),
  ];
}

export function addConsent({ consent }: WriteOf<'add-consent'>, registry: string): TransactWriteItem {
  const expiry = consent.state === 'granted' ? expires(consentName(consent), consent.expiresAt) : {};
  const key = registryKeys.consent(consent.id, consent.generation);
  return put(registry, { ...key, ...consent, ...expiry }, isNew);
}

/** Puts the credential with its edges: from its partner, its consent and each of its ancestors. */
export function addCredential(
  { credential }: WriteOf<'add-credential'>,
  registry: string,
): TransactWriteItem[] {
  const { authority, id, consent, partner } = credential;
  const ref = { authority, id };
  const expiry = credential.state === 'live' ? expires(credentialName(ref), credential.expiresAt) : {};
  const edges = [
    registryKeys.partnerEdge(partner, ref, partnerShards),
    ...(consent ? [registryKeys.consentEdge(consent, ref)] : []),
    ...originsOf(credential).map((origin) =>
      isGrant(origin) ? registryKeys.grantEdge(origin, ref) : registryKeys.childEdge(origin, ref),
    ),
  ];
  return [
    put(registry, { ...registryKeys.credential(ref), ...credential, ...expiry }, isNew),
    ...edges.map((key) => put(registry, { ...key, ...ref })),
  ];
}

export function moveCredential(
  { credential, round, from, to, by }: WriteOf<'move-credential'>,
  registry: string,
): TransactWriteItem {
  const values = { from, to, round, ...(by !== undefined && { by }) };
  const condition = { if: '#state = :from AND #round = :round', values };
  const set =
    by === undefined ? '#state = :to' : '#state = :to, #condemnedBy = if_not_exists(#condemnedBy, :by)';
  const change = `SET ${set} REMOVE #dueShard, #dueAt`;
  return update(registry, registryKeys.credential(credential), change, condition);
}

export function markCredential(
  { credential, by }: WriteOf<'mark-credential'>,
  registry: string,
): TransactWriteItem {
  const condition = { if: 'attribute_exists(#pk) AND attribute_not_exists(#condemnedBy)', values: { by } };
  return update(registry, registryKeys.credential(credential), 'SET #condemnedBy = :by', condition);
}

export const condemnGrant = ({ grant, by }: WriteOf<'condemn-grant'>, registry: string): TransactWriteItem =>
  put(registry, { ...registryKeys.grant(grant), ...grant, condemnedBy: by }, isNew);

export const requireNotCondemned = (
  { origin }: WriteOf<'require-not-condemned'>,
  registry: string,
): TransactWriteItem =>
  check(registry, isGrant(origin) ? registryKeys.grant(origin) : registryKeys.credential(origin), {
    if: 'attribute_not_exists(#condemnedBy)',
  });

export function withdrawConsent(
  { consent }: WriteOf<'withdraw-consent'>,
  registry: string,
): TransactWriteItem {
  const condition = { if: '#state = :granted', values: { granted: 'granted', withdrawn: 'withdrawn' } };
  const change = 'SET #state = :withdrawn REMOVE #dueShard, #dueAt';
  return update(registry, registryKeys.consent(consent.id, consent.generation), change, condition);
}

export function clearDue({ of }: WriteOf<'clear-due'>, registry: string): TransactWriteItem {
  const key = 'authority' in of ? registryKeys.credential(of) : registryKeys.consent(of.id, of.generation);
  return update(registry, key, 'REMOVE #dueShard, #dueAt', { if: 'attribute_exists(#pk)' });
}

export function moveRotation({ from, to }: WriteOf<'move-rotation'>, registry: string): TransactWriteItem {
  const condition = from
    ? { if: '#state = :was AND #number = :count', values: { was: from.state, count: from.number } }
    : isNew;
  return put(registry, { ...registryKeys.rotation(to.client), ...to, dueShard: rotationShard }, condition);
}

/**
 * The due time in UTC, which puts a new row into the sparse index. Senders may write any offset, and the UTC year may then have five
 * digits.
 */
function expires(spreadBy: string, expiresAt: string | undefined) {
  const time = expiresAt === undefined ? Infinity : Date.parse(expiresAt);
  if (time > dueMsMax) return {};
  return { dueShard: shardName('due', spreadBy, dueShards), dueAt: new Date(time).toISOString() };
}
