import { resolveStack, type Stack } from '../cloudformation/read-stack.ts';
import { parseTemplate } from '../cloudformation/template.ts';
import { account, region } from './language/statements.ts';

export const place = {
  account,
  region,
  queueUrl: (name: string) => `http://127.0.0.1:4000/${account}/${name}`,
  functionUrl: (name: string) => `http://127.0.0.1:4001/${name}/`,
};

/** A stack of these resources, as the local cloud reads it. */
export function stackOf(Resources: Readonly<Record<string, unknown>>): Stack {
  return resolveStack(parseTemplate({ Resources }, 'Toy'), 'Toy', place, (id) => `/code/${id}`);
}
