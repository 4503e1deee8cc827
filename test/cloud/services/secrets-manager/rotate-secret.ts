import { AwsError } from '../../service.ts';
import { refuseTooManyLabels } from './put-secret-value.ts';
import type { Request } from './requests.ts';
import type { Rotation } from './rotation.ts';
import { refuseBadRules } from './rotation-window.ts';
import type { Rotations } from './rotations.ts';
import { holderOf, pendingOf, reserveVersion, type Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import type { SecretsWorld } from './world.ts';

/**
 * Secrets Manager API Reference, "RotateSecret": turns rotation on where it is told how, and starts one, or a test of it, that goes
 * on after the answer. The token of a rotation that is there already starts no second one: it goes on with the first.
 */
export function rotateSecret(
  store: SecretStore,
  world: SecretsWorld & { readonly rotations: Rotations },
  request: Request<'RotateSecret'>,
): object {
  const { rotations } = world;
  const secret = store.findLive(request.SecretId);
  const rotation = rotationFor(secret, request, world);
  const token = request.ClientRequestToken ?? world.newId();
  const answer = { ARN: secret.arn, Name: secret.name, VersionId: token };
  const pending = pendingOf(secret);
  if (pending && pending.id !== token) {
    if (secret.rotation?.enabled) rotations.start(secret, pending.id);
    throw new AwsError(
      'InvalidRequestException',
      "A previous rotation isn't complete. That rotation will be reattempted.",
    );
  }
  const isKnown = secret.versions.has(token);
  if (!isKnown) refuseTooManyLabels(secret, ['AWSPENDING']);

  secret.rotation = rotation;
  rotations.schedule(secret);
  if (isKnown) {
    if (pending && request.RotateImmediately) rotations.start(secret, token);
    return answer;
  }
  reserveVersion(secret, {
    id: token,
    // a test needs something to test: a working configuration works with the value that works
    value: request.RotateImmediately ? undefined : holderOf(secret, 'AWSCURRENT')?.value,
    createdAt: world.clock.now(),
  });
  if (request.RotateImmediately) rotations.start(secret, token);
  else rotations.test(secret, token);
  return answer;
}

/**
 * Secrets Manager API Reference, "CancelRotateSecret": turns rotation off and ends the one that is under way after the step that runs.
 * Its labels stay where they are.
 */
export function cancelRotateSecret(
  store: SecretStore,
  rotations: Rotations,
  request: Request<'CancelRotateSecret'>,
): object {
  const secret = store.findLive(request.SecretId);
  if (!secret.rotation)
    throw new AwsError('InvalidRequestException', 'Rotation was never enabled for this secret.');
  secret.rotation.enabled = false;
  rotations.cancel(secret);
  const pending = pendingOf(secret);
  return { ARN: secret.arn, Name: secret.name, ...(pending && { VersionId: pending.id }) };
}

function rotationFor(
  secret: Secret,
  request: Request<'RotateSecret'>,
  { clock, invoke, mayInvoke = () => true }: SecretsWorld,
): Rotation {
  const functionArn = request.RotationLambdaARN ?? secret.rotation?.functionArn;
  if (functionArn === undefined)
    throw new AwsError(
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    );
  if (!invoke || !mayInvoke(functionArn, secret.arn))
    throw new AwsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the ' +
        'principal secretsmanager.amazonaws.com.',
    );
  const old = secret.rotation;
  const rules = request.RotationRules ?? old?.rules;
  if (rules) refuseBadRules(rules);
  const goesOn = old?.enabled === true && request.RotationRules === undefined;
  return {
    functionArn,
    rules,
    configuredAt: goesOn ? old.configuredAt : clock.now(),
    enabled: true,
    rotatedAt: old?.rotatedAt,
  };
}
