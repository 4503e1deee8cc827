import { explain } from '../wire/explain.ts';
import { type AnswerOf, type OperateAnswer, type OperateMessage, operateRequest } from '../wire/operate.ts';
import { createOperateClient } from './operate-client.ts';
import { CommandFailed } from './output.ts';
import { say } from './printable.ts';
import { dynamo } from './tables.ts';
import { required } from './variables.ts';

/** Asks the operate function for one thing; a refusal is an answer. */
export type Ask = (message: OperateMessage) => Promise<OperateAnswer>;

/** The operator's door that the environment names, with the caller that the SDK finds. */
export function openDoor(): Ask {
  const { RESCIND_OPERATE_URL: url } = required('RESCIND_OPERATE_URL');
  const { region, credentials } = dynamo().config;
  const client = createOperateClient({ url, region, credentials });
  return async (message) => {
    check(message);
    return client.send(message);
  };
}

/** What cannot be right is said before it is sent. */
function check(message: OperateMessage): void {
  const { error } = operateRequest.safeParse(message);
  if (error) throw new CommandFailed('usage', say`${message.command}: ${explain(error, 'the order')}`);
}

/** The answer, where it is one of these kinds; throws what a refusal ends a command with. */
export function expecting<Kind extends OperateAnswer['kind']>(
  answer: OperateAnswer,
  ...kinds: readonly Kind[]
): AnswerOf<Kind> {
  if (kinds.some((kind) => kind === answer.kind)) return answer as AnswerOf<Kind>;
  if (answer.kind === 'refused')
    throw new CommandFailed(
      answer.code === 'malformed' ? 'usage' : 'refused',
      say`refused (${answer.code}): ${answer.reason}`,
    );
  throw new CommandFailed(
    'cannotReach',
    say`the operate function answered ${answer.kind}, where ${kinds.join(' or ')} was asked for: compare the version of this command with that of the stack`,
  );
}
