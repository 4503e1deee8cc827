import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { setStage, type Stage } from '../story/stage.ts';
import { type AlarmState, evaluateAlarm } from './evaluate-alarm.ts';
import { watch } from './metrics-of.ts';

const minuteMs = 60_000;

/** Each alarm of the template against what the world really told: in the order of the acts of one outage. */
describe('the alarms', () => {
  let stage: Stage;
  let points: ReturnType<typeof watch>['points'];
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    ({ points } = watch(stage.world));
    // the hour's tick of keep-keys was before we watched
    await stage.world.invoke('keep-keys', {});
    await pass(6);
  }, 120_000);
  afterAll(() => stage.close());

  const pass = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await stage.world.clock.advance(minuteMs);
      await stage.world.settle();
    }
  };
  const states = (at?: number): ReadonlyMap<string, AlarmState> => {
    const told = points();
    const now = at ?? stage.world.clock.now();
    return new Map(
      stage.world.stack
        .of('AWS::CloudWatch::Alarm')
        .map(({ logicalId, properties }) => [
          logicalId.replace(/^Operations(.*?)Alarm[0-9A-F]{8}$/, '$1'),
          evaluateAlarm(properties, told, now),
        ]),
    );
  };
  const sounding = (now?: number) =>
    [...states(now)].filter(([, state]) => state === 'alarm').map(([name]) => name);

  it('are silent in a world at rest, where everything runs', () => {
    expect(sounding()).toEqual([]);
    expect(states().get('DebtsOverTargetdefault')).toBe('ok');
    expect(states().get('DebtsNotMeasured')).toBe('ok');
    expect(states().get('DebtsUnsealed')).toBe('ok');
  });

  it('say that a message was refused', async () => {
    await stage.bank.grant({ id: 'c-unknown', partner: 'nobody', customer: 'k' });
    await stage.world.settle();
    expect(sounding()).toEqual(['RejectedHeld']);
  });

  it('say by name which function failed', async () => {
    await stage.world.invoke('rotate-secret', {});
    expect(sounding()).toContain('FunctionsErrorsrotatesecret');
  });

  it('say that a case is open past its target, and not before', { timeout: 240_000 }, async () => {
    await stage.bank.grant({ id: 'c-open', partner: 'acme', customer: 'k' });
    await stage.bank.noteKey({ authority: 'legacy', id: 'key-1', partner: 'acme', consent: 'c-open' });
    await stage.bank.withdraw('c-open');
    await stage.world.settle();
    await pass(59);
    expect(sounding()).toEqual(['RejectedHeld']);
    await pass(2);
    expect(sounding()).toEqual(expect.arrayContaining(['DebtsOverTargetdefault', 'RejectedHeld']));
    expect(sounding()).toHaveLength(2);
  });

  it('say that nothing runs any more, and hold what was known', () => {
    const later = stage.world.clock.now() + 6 * minuteMs;
    const silent = ['chaseobligations', 'expirecredentials', 'returnexhausted', 'rotatedue', 'sealledger'];
    expect(sounding(later)).toEqual(
      expect.arrayContaining(['DebtsNotMeasured', ...silent.map((name) => `Heartbeat${name}Silent`)]),
    );
    expect(states(later).get('DebtsOverTargetdefault')).toBe('unchanged');
    expect(sounding(later)).not.toContain('Heartbeatkeepkeys');
    expect(sounding(later + 120 * minuteMs)).toContain('HeartbeatkeepkeysSilent');
  });
});
