import { audienceOf } from '../../../connectors/oauth/client-auth.ts';
import { tryKey } from '../../../connectors/registration/try-key.ts';
import { decideStep } from '../../../domain/decisions/rotation/rotate.ts';
import { commitStep, requireState } from './commit-step.ts';
import { readCreated } from './create-key.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret, Step } from './step.ts';
import { rotationStamp } from '../stamp.ts';

/** testSecret: uses the new key at the authority. The authority's answer that it stored the key proves nothing. */
export async function testKey(step: Step, deps: RotateSecret): Promise<void> {
  const { client, rotation } = step;
  requireState(step, 'published', 'testSecret');
  const key = await readCreated(step, deps);
  const authority = await deps.authorities.find(client.authority);
  if (!authority)
    throw new RotationRefused(
      'unregistered',
      `${client.authority}, the authority of ${client.id}, is not registered: register it`,
    );
  const { issuer, tokenEndpoint, revocationEndpoint } = authority;
  const audience = audienceOf(authority);
  const at = { issuer, tokenEndpoint, revocationEndpoint, audience, clientId: client.clientId };
  const verdict = await tryKey({ ...at, key: key.secret, fetch: deps.fetch, now: deps.now });
  if (verdict.kind !== 'accepted') {
    const answer = verdict.kind === 'refused' ? 'invalid-client' : verdict.because;
    throw new RotationRefused(
      'not-accepted',
      `${authority.id} does not accept the new key of ${client.id} (${answer}): the old key stays current`,
    );
  }
  if (verdict.minted === 'left')
    deps.log.warn('a test token was not revoked: it expires by itself', {
      client: client.id,
      authority: authority.id,
    });
  if (rotation.state !== 'published') return;
  await commitStep(step, 'tested', decideStep(step, 'tested', rotationStamp(deps)), deps);
}
