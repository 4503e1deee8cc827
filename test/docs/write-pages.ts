import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from '../../lib/wire/describe-events.ts';
import { withBlocks } from './blocks.ts';
import { pages } from './pages.ts';
import { stackResources } from './resources.ts';

for (const page of pages) writeFileSync(page, await withBlocks(readFileSync(page, 'utf8'), stackResources()));
const events = 'lib/wire/EVENTS.md';
writeFileSync(events, withTables(readFileSync(events, 'utf8')));
