import { readFileSync, writeFileSync } from 'node:fs';
import { pages } from './pages.ts';
import { withBlocks } from './blocks.ts';
import { stackResources } from './resources.ts';

for (const page of pages) writeFileSync(page, await withBlocks(readFileSync(page, 'utf8'), stackResources()));
