import type { InteropServer } from '../server.ts';
import { callHttps } from './https-call.ts';

/** Speaks to the front of another process. */
export const tellFront =
  (control: string, ca: string): InteropServer['behave'] =>
  async (endpoint, behaviour) => {
    await callHttps(control, { ca, method: 'PUT', json: { endpoint, behaviour } });
  };
