import { describe, expect, it } from 'vitest';
import { rotationRequest } from '../../lib/wire/rotation-request.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rescind/client/acme-bank.1/key-AbC123';
const event = { Step: 'createSecret', SecretId: arn, ClientRequestToken: 't'.repeat(32) };

describe('rotationRequest', () => {
  it('reads the client from the name in the ARN', () => {
    expect(rotationRequest.parse(event)).toEqual({
      step: 'createSecret',
      secretId: arn,
      token: 't'.repeat(32),
      client: 'acme-bank.1',
    });
  });

  it('keeps a client whose own name ends like an ARN', () => {
    const SecretId = arn.replace('acme-bank.1', 'acme-AbC123');
    expect(rotationRequest.parse({ ...event, SecretId }).client).toBe('acme-AbC123');
  });

  it.each([
    ['create_secret', 'createSecret'],
    ['set_secret', 'setSecret'],
    ['test_secret', 'testSecret'],
    ['finish_secret', 'finishSecret'],
    ['finishSecret', 'finishSecret'],
  ])('takes %s for %s', (Step, step) => {
    expect(rotationRequest.parse({ ...event, Step }).step).toBe(step);
  });

  it('ignores what Secrets Manager may add', () => {
    expect(rotationRequest.parse({ ...event, RotationToken: 'r' })).not.toHaveProperty('RotationToken');
  });

  it.each([
    ['another step', { Step: 'deleteSecret' }],
    ['a step that every object has', { Step: 'constructor' }],
    ['no step', { Step: undefined }],
    ['another secret', { SecretId: arn.replace('/key-', '/registration-') }],
    ['a nested name', { SecretId: arn.replace('acme-bank.1', 'a/b') }],
    ['a name instead of an ARN', { SecretId: 'rescind/client/acme/key' }],
    ['a short token', { ClientRequestToken: 'short' }],
  ])('refuses %s', (_, change) => {
    expect(rotationRequest.safeParse({ ...event, ...change }).success).toBe(false);
  });
});
