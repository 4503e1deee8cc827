import { inject } from 'vitest';
import { readStack } from '../cloudformation/read-stack.ts';
import type { Act } from './needs/acting-services.ts';
import type { SecretFacts } from './language/authorization.ts';
import { actsOf, authorize } from './authorize.ts';
import { neededOnBehalf } from './needs/on-behalf.ts';
import { type Principal, roleSession } from './language/principal.ts';
import { neededFor } from './needs/requests.ts';
import { directoryOf } from './template/template-directory.ts';
import { readTemplatePolicies } from './template/template-policies.ts';
import { place } from './stack.ts';
import { account, region } from './language/statements.ts';

/** The synthesized template as the local cloud reads it, with its policies. */
export const stack = readStack(inject('assembly'), 'Rescind', place);
export const policies = readTemplatePolicies(stack);
export const outputs = stack.outputs as Readonly<Record<string, string>>;

/** The resource of a type whose logical id begins so. */
export const one = (type: string, like: string) => {
  const found = stack.of(type).find(({ logicalId }) => logicalId.startsWith(like));
  if (!found) throw new Error(`no ${type} of the template is called like ${like}`);
  return found;
};
export const customerKey = one('AWS::KMS::Key', 'CustomerKey').arn;
export const ledgerKey = one('AWS::KMS::Key', 'LedgerKey').arn;
export const tableName = (name: string) => one('AWS::DynamoDB::Table', name).name;
export const queue = (name: string) => one('AWS::SQS::Queue', name);
export const functionOf = (id: string) => one('AWS::Lambda::Function', `${id}Function`);
const roleOf = (id: string) => String(functionOf(id).properties['Role']);
/** A session of a function's role. */
export const by = (id: string): Principal => roleSession(roleOf(id), functionOf(id).name);

const madeByOperators = (name: string): SecretFacts => ({
  arn: `arn:aws:secretsmanager:${region}:${account}:secret:${name}-a1b2c3`,
  keyArn: customerKey,
});
export const secrets: Readonly<Record<string, SecretFacts>> = {
  'rescind/client/acme/key': madeByOperators('rescind/client/acme/key'),
  'rescind/client/acme/registration': madeByOperators('rescind/client/acme/registration'),
  'rescind/authority/bank/client': madeByOperators('rescind/authority/bank/client'),
  ...Object.fromEntries(
    stack
      .of('AWS::SecretsManager::Secret')
      .map(({ arn, properties }) => [arn, { arn, keyArn: String(properties['KmsKeyId']) }]),
  ),
};
export const directory = directoryOf(stack, place, {
  secret: (id) => secrets[id],
  keyArn: (id) => (id === ledgerKey ? ledgerKey : undefined),
});
export const source = {
  identityOf: (principal: Principal) => (principal.kind === 'role' ? policies.ofRole(principal.arn) : []),
  resourceOf: (arn: string) => policies.ofResource(arn),
};

/** All rulings, up to the first refusal. */
export const rule = (acts: readonly Act[]) => authorize(acts, source);
/** What the policies say of a call, with all that AWS asks for it. */
export const verdict = (acts: readonly Act[]) => {
  const last = rule(acts).at(-1);
  if (!last) throw new Error('nothing was asked');
  const { action } = last.authorization;
  return last.decision.allowed ? 'allowed' : `${action}: ${last.decision.because}`;
};
/** All that AWS asks for a call of a function. */
export const actsFor = (id: string, service: string, operation: string, input: object) => {
  const call = { service, operation, input };
  return actsOf(by(id), [...neededFor(call, directory), ...neededOnBehalf(call, directory)]);
};
