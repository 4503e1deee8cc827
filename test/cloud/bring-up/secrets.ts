import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';

const secretProperties = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: z.never().optional(),
});

/** Secrets begin without a value, as the template has them; gives their ARNs here by the template's ARNs. */
export function makeSecrets(stack: Stack, { secrets }: Services): ReadonlyMap<string, string> {
  const arns = new Map<string, string>();
  for (const { name, arn, properties } of stack.of('AWS::SecretsManager::Secret')) {
    const { SecretString } = secretProperties.parse(properties);
    arns.set(arn, secrets.createSecret({ name, ...(SecretString !== undefined && { value: SecretString }) }));
  }
  return arns;
}
