import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { refusals } from '../../cloud/iam/enforcement.ts';

// Each refusal in this process becomes a line of the file that RESCIND_REFUSALS names, at once: whoever hangs is ended, and what
// it was refused has to be known all the same. In the processes of vitest this is a setup file.

const file = process.env['RESCIND_REFUSALS'];
if (file === undefined) throw new Error('RESCIND_REFUSALS has to name a file: run-on-copy.ts does.');
subscribe(refusals.name, (message) => appendFileSync(file, `${JSON.stringify(message)}\n`));
