import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { type OperateAnswer, operateAnswer, type OperateMessage } from '../wire/operate.ts';
import { CommandFailed } from './output.ts';
import { say } from './printable.ts';
import { Sha256 } from './sha256.ts';

/** The function lives for 30 s: what has not answered after this will not. */
const answerTimeoutMs = 35_000;

/** A lost answer is asked for again this often. */
const repeatsMax = 3;

/** Before the first repetition; each next one waits twice as long. */
const pauseMs = 250;

/** AWS refuses signatures that are five minutes off; well below that, a refusal has another reason. */
const clockOffMs = 240_000;

/** The largest answer lists the groups of a plan; more than this is not from the operate function. */
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
   * Asks once, or up to four times in the very same words while the answer is lost. A `refused` of the operate function is
   * an answer. Throws `CommandFailed` where there is none: `refused` where AWS let nobody through, else `cannotReach`.
   */
  send(message: OperateMessage): Promise<OperateAnswer>;
}

/** Speaks to the operate function by its URL, signed with SigV4; reads no environment. Throws `CommandFailed` on a URL that is none. */
export function createOperateClient(door: OperateDoor): OperateClient {
  const url = urlOf(door.url);
  const { region, credentials, timeoutMs = answerTimeoutMs } = door;
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 });
  /** How much the clock of AWS is ahead of ours; learned from a refusal, as the SDK does. */
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
        // a signature is for one address, and so is what it asks for
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
  /** Milliseconds since the epoch; not a number where it did not say. */
  readonly date: number;
}

/** It may have been done, and nobody knows. */
interface Lost {
  readonly lost: string;
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) return url;
  throw new CommandFailed(
    'usage',
    say`the URL of the operate function is ${text}: it must be https, as RescindOperateUrl in the outputs of the stack`,
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

const tooLong = `the answer is longer than ${answerBytesMax} bytes: this is no operate function of Rescind`;

/** How connections break after the request may have been heard. */
const brokenBy = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Gives what may heal, throws what will not. */
function lost(error: unknown, asked: { readonly url: URL; readonly timeoutMs: number }): Lost {
  if (error instanceof CommandFailed) throw error;
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError') return { lost: `nothing came within ${asked.timeoutMs} ms` };
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
    say`no answer came in ${repeatsMax + 1} tries (the last: ${because}): whether it was done is not known, look before you ask again`,
  );
}

function notAnAnswer({ status, text }: Reply, url: URL): CommandFailed {
  if (status === 401 || status === 403)
    return new CommandFailed(
      'refused',
      say`AWS let nobody through (HTTP ${status}: ${saidBy(text)}): the caller needs the policy RescindOperatorsPolicy of the stack (lambda:InvokeFunctionUrl, and lambda:InvokeFunction through the URL), in its account and region; aws sts get-caller-identity says who you are`,
    );
  if (status === 404)
    return new CommandFailed(
      'cannotReach',
      say`there is no function URL at ${url.href}: compare it with RescindOperateUrl in the outputs of the stack`,
    );
  return new CommandFailed(
    'cannotReach',
    say`the answer (HTTP ${status}) is none of the operate function's: compare RescindOperateUrl, and the version of this command with that of the stack`,
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
