import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { JWK } from 'jose';
import { caseIdOf } from '../../../lib/domain/case/case.ts';
import { authorityId, clientId, credentialId } from '../../../lib/domain/ids.ts';
import { keySecretOf } from '../../../lib/domain/rotation/client.ts';
import type { PartnerClient } from '../../authority/partner-client.ts';
import { type AtRest, caseAtRest } from '../case-at-rest.ts';
import { overlapSeconds, rotatingClient } from '../cast.ts';
import { callerOf, ordered } from '../operator.ts';
import type { Scene } from '../scene.ts';

/** What the later acts need of this one. */
export interface Rotated {
  /** Acme's client with the key that is promoted. */
  readonly client: PartnerClient;
  readonly case: AtRest;
}

/** The sweep comes each minute. */
const sweepMs = 61_000;

/** Acme's key rotates: both keys work in the overlap, then the old one is an obligation, and is proven dead. */
export async function playRotation(scene: Scene): Promise<Rotated> {
  const { stage, timeline, claims } = scene;
  const { world, clients, tables } = stage;
  const secrets = new SecretsManagerClient(callerOf(world, 'acme-app'));
  const current = async (): Promise<JWK> => {
    const asked = new GetSecretValueCommand({ SecretId: keySecretOf(rotatingClient) });
    return JSON.parse((await secrets.send(asked)).SecretString ?? '{}') as JWK;
  };
  const old = await current();
  const why = { command: 'rotate', client: rotatingClient, reason: 'quarterly' } as const;
  await ordered('rotation-ordered', stage.order('alice', why));
  timeline.say('alice', `orders the key of ${rotatingClient} to be rotated`);
  await world.clock.advance(sweepMs);
  await world.settle();
  const rotation = await tables.rotations.find(clientId(rotatingClient));
  const fresh = await current();
  const client = await stage.acmeWith(fresh);
  timeline.say(
    'rotation',
    `${rotation?.state ?? 'none'}: a new key is published by RFC 7592, tested, promoted; the old one has ${overlapSeconds / 60} more minutes`,
  );
  await claims.claim('both-keys-work-in-overlap', async () => {
    const seen = [await clients.acme.authenticate(), await client.authenticate()];
    const isOther = fresh.kid !== old.kid;
    return {
      ok: isOther && seen.every(({ ok }) => ok),
      seen: `${isOther ? 'another key' : 'the same key'}; old: ${told(seen[0])}, new: ${told(seen[1])}`,
    };
  });
  const from = world.clock.now();
  await world.clock.advance(overlapSeconds * 1000 + sweepMs);
  const subject = {
    type: 'credential',
    authority: authorityId('bank'),
    id: credentialId(old.kid ?? ''),
  } as const;
  const retired = await caseAtRest(
    caseIdOf({ kind: 'secret-retired', subject, generation: 1, round: 1 }),
    from,
    scene,
  );
  const { tally, found } = retired;
  timeline.say(
    'rotation',
    `the overlap is over: old key proven dead (${tally.dead} of ${tally.planned}), case ${found?.state ?? 'missing'}`,
  );
  await claims.claim('new-key-works', async () => {
    const works = await client.authenticate();
    const refreshed = await client.refresh(scene.wallet['consent-3'].refresh);
    return {
      ok: works.ok && refreshed.ok,
      seen: `${told(works)}, and the tokens of before ${refreshed.ok ? 'refresh' : 'do NOT refresh'}`,
    };
  });
  await claims.claim('old-key-refused', async () => {
    const answer = await clients.acme.authenticate();
    const closed = found?.state === 'closed' && tally.dead === 1;
    return {
      ok: !answer.ok && answer.error === 'invalid_client' && closed,
      seen: `${told(answer)}, case ${found?.state ?? 'missing'}`,
    };
  });
  return { client, case: retired };
}

const told = (answer: Awaited<ReturnType<PartnerClient['authenticate']>> | undefined): string =>
  answer === undefined ? 'not asked' : answer.ok ? 'accepted' : answer.error;
