import { explain } from '../wire/explain.ts';
import { type AnswerOf, type OperateAnswer, type OperateMessage, operateRequest } from '../wire/operate.ts';
import { createOperateClient } from './operate-client.ts';
import { CommandFailed } from './output.ts';
import { say } from './printable.ts';
import { dynamo } from './tables.ts';
import { required } from './variables.ts';

/** Sends one order to the operate function; a refusal is an answer. */
export type Ask = (message: OperateMessage) => Promise<OperateAnswer>;

/** Opens the operator's door that the environment names, with the credentials that the SDK finds. */
export function openDoor(): Ask {
  const { RESCIND_OPERATE_URL: url } = required('RESCIND_OPERATE_URL');
  const { region, credentials } = dynamo().config;
  const client = createOperateClient({ url, region, credentials });
  return async (message) => {
    check(message);
    return client.send(message);
  };
}

/** Checks an order before it is sent. Throws `CommandFailed` (usage) if it is not valid. */
function check(message: OperateMessage): void {
  const { error } = operateRequest.safeParse(message);
  if (error) throw new CommandFailed('usage', say`${message.command}: ${explain(error, 'the order')}`);
}

/** Returns the answer if it is of one of these kinds. Throws `CommandFailed` for a refusal and for any other kind. */
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
    say`the operate function answered ${answer.kind} in place of ${kinds.join(' or ')}: compare the version of this command with that of the stack`,
  );
}
