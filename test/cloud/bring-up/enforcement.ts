import type { Stack } from '../cloudformation/read-stack.ts';
import type { SecretFacts } from '../iam/language/authorization.ts';
import { createEnforcement, type Enforcement, type Holder } from '../iam/enforcement.ts';
import { readingOfOperators } from '../iam/template/operators-reading.ts';
import { directoryOf } from '../iam/template/template-directory.ts';
import { readTemplatePolicies } from '../iam/template/template-policies.ts';
import { place, type Services } from '../services.ts';

/** The output that names the policy for operators. */
const operatorsPolicy = 'RescindOperatorsPolicy';

/** Enforces the template's policies on what there is: the tables and queues of the template, and whatever secrets come. */
export function enforce(
  stack: Stack,
  secrets: Pick<Services['secrets'], 'find'>,
  /** ARNs here of the template's secrets, by those of the template. */
  secretArns: ReadonlyMap<string, string>,
  holderOf: (accessKeyId: string) => Holder | undefined,
): Enforcement {
  const policies = readTemplatePolicies(stack, secretArns);
  const keyArnOf = (id: string) =>
    stack.of('AWS::KMS::Key').find(({ name, arn }) => name === id || arn === id)?.arn;
  const keys = keysOfSecrets(stack, secretArns);
  return createEnforcement({
    policies,
    directory: directoryOf(stack, place, {
      keyArn: keyArnOf,
      secret: (id) => factsOf(secrets.find(id), keys),
    }),
    holderOf,
    ofUsers: [...policies.ofManagedPolicy(operatorsPolicyOf(stack)), ...readingOfOperators],
  });
}

function operatorsPolicyOf({ outputs }: Stack): string {
  const arn = outputs[operatorsPolicy];
  return typeof arn === 'string' ? arn : '';
}

interface Keys {
  readonly byArn: ReadonlyMap<string, string | undefined>;
  /** Operators make their secrets "encrypted with the stack's key". */
  readonly ofOthers: string | undefined;
}

function keysOfSecrets(stack: Stack, secretArns: ReadonlyMap<string, string>): Keys {
  const keyed = stack.of('AWS::SecretsManager::Secret').map(({ arn, properties }) => {
    const id = properties['KmsKeyId'];
    return [secretArns.get(arn) ?? arn, typeof id === 'string' ? id : undefined] as const;
  });
  return { byArn: new Map(keyed), ofOthers: keyed.find(([, id]) => id !== undefined)?.[1] };
}

function factsOf(found: ReturnType<Services['secrets']['find']>, keys: Keys): SecretFacts | undefined {
  if (!found) return undefined;
  const { arn, rotation } = found;
  const keyArn = keys.byArn.has(arn) ? keys.byArn.get(arn) : keys.ofOthers;
  return {
    arn,
    ...(keyArn !== undefined && { keyArn }),
    ...(rotation && { rotationFunctionArn: rotation.functionArn }),
  };
}
