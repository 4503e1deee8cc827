import { describe, expect, it } from 'vitest';
import { play } from '../../journey/play.ts';
import { playTutorial, steady } from './play-tutorial.ts';
import { readPage } from './run-line.ts';

const page = readPage('lib/cli/TUTORIAL.md');

describe('the tutorial', () => {
  it('shows what its commands print: run npm run tutorial', async () => {
    let played = '';
    await play({ onEnd: async (stage) => void (played = await playTutorial(page, stage)) });
    expect(steady(played)).toBe(steady(page));
  });

  it('has a command for each job', () => {
    const commands = [...page.matchAll(/^\$ .*?rescind ([a-z]+)/gm)].map(([, verb]) => verb);
    for (const verb of [
      'rotate',
      'inventory',
      'case',
      'consent',
      'ledger',
      'suspend',
      'reinstate',
      'plan',
      'status',
    ])
      expect(commands).toContain(verb);
  });
});
