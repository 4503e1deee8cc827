import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Clock } from './clock.ts';

function newClock(): Clock {
  const clock = new Clock();
  onTestFinished(() => clock.stop());
  return clock;
}

describe('a clock that is moved forward', () => {
  it('runs what is due on the way, each at its instant, in their order', async () => {
    const clock = newClock();
    const start = clock.now();
    const ran: (readonly [name: string, minute: number])[] = [];
    const note = (name: string) => () => void ran.push([name, Math.floor((clock.now() - start) / 60_000)]);
    clock.after(120_000, note('second'));
    clock.after(60_000, note('first'));
    clock.after(240_000, note('too late'));
    await clock.advance(180_000);
    expect(ran).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
  });

  it('runs what was taken back no more', async () => {
    const clock = newClock();
    let ran = false;
    clock.after(1_000, () => void (ran = true)).cancel();
    await clock.advance(2_000);
    expect(ran).toBe(false);
  });

  // two ticks of one minute are milliseconds apart: while the first runs, real time comes to the second, which then ran into the
  // next minute
  it('goes no further before what began on the way has ended, also where real time began it', async () => {
    const clock = newClock();
    const running = new Set<string>();
    const overlaps: string[] = [];
    // as a schedule does: the next tick is set before this one runs
    const tick = (name: string, at: number, ms: number): void => {
      clock.at(at, async () => {
        tick(name, at + 60_000, ms);
        if (running.has(name)) overlaps.push(name);
        running.add(name);
        await pause(ms);
        running.delete(name);
      });
    };
    const start = clock.now() + 60_000;
    tick('one', start, 20);
    tick('other', start + 5, 60);
    await clock.advance(4 * 60_000);
    expect(overlaps).toEqual([]);
  });
});
