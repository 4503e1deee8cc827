import { acts } from '../../story/play.ts';
import { readRawTemplate } from '../find-statements.ts';
import { neededKeys } from '../needed.ts';
import { playForRecord } from '../record/play-for-record.ts';
import { endPlayed } from './played.ts';
import './tell-refusals.ts';

// tsx test/removals/copies/play-copy.ts ASSEMBLY PART [patient]: plays one act of the story, its ticks, or all of it on a copy of
// the assembly, in a process of its own, which can be ended when it hangs; the last line of stdout is what was seen (`Played`).

const [assembly = '', part = 'story', patience] = process.argv.slice(2);
const { failed, reports } = await playForRecord(assembly, {
  acts: acts.filter((act) => part === 'story' || part === act),
  ticks: part === 'story' || part === 'ticks',
  // an act that cannot come to its end waits no longer than this for each case, nor than that for what is on its way: on the whole
  // template it takes a fraction, unless the machine has much else to do
  ...(patience !== 'patient' && { patienceMs: 1_500, settleMs: 3_000 }),
});
const template = readRawTemplate(assembly);
const needed: Record<string, string> = {};
for (const { after, report } of reports)
  for (const key of neededKeys(template, report)) needed[key] ??= after;
endPlayed({ failed, needed });
