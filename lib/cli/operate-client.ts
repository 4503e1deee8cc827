import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { type OperateAnswer, operateAnswer, type OperateMessage } from '../wire/operate.ts';
import { CommandFailed } from './output.ts';
import { say } from './printable.ts';
import { Sha256 } from './sha256.ts';

/** The function runs for at most 30 s: after this time no answer comes. */
const answerTimeoutMs = 35_000;

/** An order whose answer was lost is repeated this often. */
const repeatsMax = 3;

/** The pause before the first repetition; each further pause is twice as long. */
const pauseMs = 250;

/** AWS refuses signatures that are five minutes off; below four minutes, a refusal has another reason. */
const clockOffMs = 240_000;

/** The largest answer lists the groups of a plan: a longer one is not from the operate function. */
const answerBytesMax = 1024 * 1024;

type SignerSettings = ConstructorParameters<typeof SignatureV4>[0];

export interface OperateDoor {
  /** Address of the operate function: `RescindOperateUrl` of the stack. */
  readonly url: string;
  /** Both as the SDK has them: `client.config.region`, `client.config.credentials`. */
  readonly region: SignerSettings['region'];
  readonly credentials: SignerSettings['credentials'];
  /** @default 35 s */
  readonly timeoutMs?: number;
}

export interface OperateClient {
  /**
   * Sends an order, up to four times with the same bytes while answers are lost. A `refused` of the operate function is an
   * answer. Throws `CommandFailed` if there is no answer: `refused` if AWS refuses the call, else `cannotReach`.
   */
  send(message: OperateMessage): Promise<OperateAnswer>;
}

/** Calls the operate function at its URL, signed with SigV4; reads no environment. Throws `CommandFailed` for an invalid URL. */
export function createOperateClient(door: OperateDoor): OperateClient {
  const url = urlOf(door.url);
  const { region, credentials, timeoutMs = answerTimeoutMs } = door;
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 });
  /** How far the clock of AWS is ahead of ours; learned from a refusal, as the SDK does. */
  let aheadMs = 0;

  const post = async (body: string): Promise<Reply | Lost> => {
    const { headers } = await signer.sign(
      {
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        headers: { host: url.host, 'content-type': 'application/json' },
        body,
      },
      { signingDate: new Date(Date.now() + aheadMs) },
    );
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        // an order is signed for one address, and is sent to no other
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const date = Date.parse(response.headers.get('date') ?? '');
      return { status: response.status, text: await textOf(response), date };
    } catch (error) {
      return lost(error, { url, timeoutMs });
    }
  };

  return {
    async send(message) {
      const body = JSON.stringify(message);
      for (let repeats = 0, because = ''; ; repeats += 1) {
        if (repeats > repeatsMax) throw neverAnswered(because);
        if (repeats > 0) await new Promise((done) => setTimeout(done, pauseMs * 2 ** (repeats - 1)));
        let reply = await post(body);
        if (!('lost' in reply) && reply.status === 403) {
          const offMs = reply.date - Date.now() - aheadMs;
          if (Math.abs(offMs) > clockOffMs) {
            aheadMs += offMs;
            reply = await post(body);
          }
        }
        if ('lost' in reply) {
          because = reply.lost;
          continue;
        }
        const answer = answerOf(reply.text);
        if (answer) return answer;
        if (reply.status < 500 && reply.status !== 429) throw notAnAnswer(reply, url);
        because = `HTTP ${reply.status}`;
      }
    },
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  /** Milliseconds since the epoch; NaN if the reply has no date. */
  readonly date: number;
}

/** A lost answer: the order may have been carried out. */
interface Lost {
  readonly lost: string;
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) return url;
  throw new CommandFailed(
    'usage',
    say`RESCIND_OPERATE_URL is ${text}: it must be an https URL, the output RescindOperateUrl of the stack`,
  );
}

function answerOf(text: string): OperateAnswer | undefined {
  try {
    return operateAnswer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > answerBytesMax) throw new CommandFailed('cannotReach', tooLong);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const tooLong = `the answer is longer than ${answerBytesMax} bytes and did not come from the operate function: compare RESCIND_OPERATE_URL with the outputs of the stack`;

/** Error codes of connections that broke after the request may have arrived. */
const brokenBy = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Returns the reason if a repetition may help; throws `CommandFailed` if none can. */
function lost(error: unknown, asked: { readonly url: URL; readonly timeoutMs: number }): Lost {
  if (error instanceof CommandFailed) throw error;
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError') return { lost: `no answer within ${asked.timeoutMs} ms` };
  const code = codeOf(error) ?? codeOf(cause);
  if (code !== undefined && brokenBy.has(code)) return { lost: code };
  const because = code ?? (cause instanceof Error ? cause.message : message);
  throw new CommandFailed('cannotReach', say`${asked.url.origin} cannot be reached: ${because}`);
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

function neverAnswered(because: string): CommandFailed {
  return new CommandFailed(
    'cannotReach',
    say`no answer came in ${repeatsMax + 1} attempts (the last: ${because}): the order may have been carried out, check before you repeat it`,
  );
}

function notAnAnswer({ status, text }: Reply, url: URL): CommandFailed {
  if (status === 401 || status === 403)
    return new CommandFailed(
      'refused',
      say`AWS refused the call (HTTP ${status}: ${saidBy(text)}): the caller needs the policy RescindOperatorsPolicy of the stack (lambda:InvokeFunctionUrl, and lambda:InvokeFunction through the URL), in its account and region; aws sts get-caller-identity shows your identity`,
    );
  if (status === 404)
    return new CommandFailed(
      'cannotReach',
      say`there is no function URL at ${url.href}: compare RESCIND_OPERATE_URL with the output RescindOperateUrl of the stack`,
    );
  return new CommandFailed(
    'cannotReach',
    say`the answer (HTTP ${status}) did not come from the operate function: compare RESCIND_OPERATE_URL, and the version of this command, with those of the stack`,
  );
}

/** AWS spells the member in two ways. */
const said = z.union([
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ Message: z.string() }).transform(({ Message }) => Message),
]);

function saidBy(text: string): string {
  try {
    return said.parse(JSON.parse(text)).slice(0, 500);
  } catch {
    return 'no reason';
  }
}
