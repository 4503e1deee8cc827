import * as z from 'zod';

/** An address of an authority, as an operator registers it. */
export const endpoint = z
  .url({ protocol: /^https$/, error: 'must be an https URL' })
  .refine((text) => !/^[^/]*\/\/[^/?]*@|#/.test(text), 'must have no user name, password or fragment');
