import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { Clock } from '../../clock.ts';
import { createLambda, type FunctionSettings, type Invocation, type Lambda, type LogLine } from './lambda.ts';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A Lambda for one test, with its clock and everything that its functions wrote. */
export interface World {
  readonly clock: Clock;
  readonly lambda: Lambda;
  readonly lines: readonly LogLine[];
  /** Makes a function of this code and gives its ARN. */
  readonly define: (code: string, settings?: Partial<FunctionSettings>) => string;
  /** Invokes, and fails the test where the function fails. */
  readonly ask: (arn: string, payload?: unknown) => Promise<unknown>;
}

export function newWorld(onLog: (line: LogLine) => void = () => {}): World {
  const clock = new Clock();
  const lines: LogLine[] = [];
  const lambda = createLambda({
    clock,
    onLog: (line) => {
      lines.push(line);
      onLog(line);
    },
  });
  ends.push(() => lambda.close());
  return {
    clock,
    lambda,
    lines,
    define(code, settings = {}) {
      const name = settings.name ?? 'tested';
      const arn = arnOf(name);
      lambda.createFunction({
        name,
        arn,
        codeFolder: writeCode(code),
        handler: 'index.handler',
        environment: {},
        timeoutSeconds: 5,
        ...settings,
      });
      return arn;
    },
    async ask(arn, payload) {
      const outcome = await lambda.invoke(arn, payload);
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
      return outcome.payload;
    },
  };
}

export function arnOf(name: string): string {
  return `arn:aws:lambda:eu-west-1:000000000000:function:${name}`;
}

/** A folder with this code as `index.mjs`, gone after the test. */
export function writeCode(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-function-'));
  writeFileSync(join(folder, 'index.mjs'), code);
  ends.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The error of an invocation that must have failed. */
export function errorOf(outcome: Invocation) {
  if (outcome.ok) throw new Error('the invocation succeeded');
  return outcome.error;
}

/** Waits until it holds, in real time. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 5));
}
