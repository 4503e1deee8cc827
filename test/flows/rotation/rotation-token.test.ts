import { describe, expect, it } from 'vitest';
import { clientId } from '../../../lib/domain/ids.ts';
import { rotationToken } from '../../../lib/flows/rotation/rotation-token.ts';

describe('rotationToken', () => {
  // if it changed, every rotation in progress would be started a second time
  it('never changes', () => {
    expect(rotationToken(clientId('acme-bank'), 7)).toBe('rescind-627a3bc618e4496d445108833cd786d320d42fb4');
  });

  it('has the characters and the length that Secrets Manager accepts', () => {
    expect(rotationToken(clientId('x'.repeat(64)), Number.MAX_SAFE_INTEGER)).toMatch(/^[A-Za-z0-9-]{32,64}$/);
  });

  it('is different for each client and each number', () => {
    const pairs = [
      ['a', 1],
      ['a', 11],
      ['a1', 1],
      ['b', 1],
    ] as const;
    expect(new Set(pairs.map(([id, number]) => rotationToken(clientId(id), number))).size).toBe(pairs.length);
  });
});
