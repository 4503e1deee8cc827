import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, printable, printableLines, say, shell } from '../../lib/cli/printable.ts';
import { print } from '../../lib/cli/output.ts';

const hostile = 'a\u001b[2J\rb\u0000\u009bc\u202ed\u2028e\u{e0001}\n';

describe('foreign text', () => {
  it('cannot move the cursor, reorder text or begin a line', () => {
    expect(printable(hostile)).toBe(
      String.raw`a\u001b[2J\u000db\u0000\u009bc\u202ed\u2028e\udb40\udc01\u000a`,
    );
    expect(say`one ${'x\ny'} line`).toBe(String.raw`one x\u000ay line`);
    expect(printableLines('our\nown\u001b')).toBe('our\nown\\u001b');
  });

  it('keeps ordinary text', () => {
    expect(printable('Zoë, 山田 – “why?” 100 %')).toBe('Zoë, 山田 – “why?” 100 %');
  });

  it('stays JSON of the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let shown = '';
        const terminal = { out: (some: string) => void (shown += some), err: () => {} };
        print({ result: { text, hostile }, lines: [] }, true, terminal);
        expect(JSON.parse(shown)).toEqual({ text, hostile });
        expect(shown.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

it('shell keeps each word of a command one word', () => {
  expect(shell('rescind', 'case', 'show', 'consent-withdrawn/c%231/1/1')).toBe(
    'rescind case show consent-withdrawn/c%231/1/1',
  );
  expect(shell('rescind', 'execute', `$(rm -rf ~);'`)).toBe(String.raw`rescind execute '$(rm -rf ~);'\'''`);
});

it('columns are as wide as their widest cell', () => {
  expect(
    columns([
      ['A', 'B'],
      ['long', 1],
      ['x\u001b', ''],
    ]),
  ).toEqual(['A        B', 'long     1', String.raw`x\u001b`]);
  expect(columns([])).toEqual([]);
});
