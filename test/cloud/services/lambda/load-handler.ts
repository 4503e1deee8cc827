import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A function's code. */
export type Handler = (event: unknown, context: object) => unknown;

/** A bundle that cannot be used, named as Lambda's Node.js runtime names it. */
class UnusableCode extends Error {
  constructor(kind: 'ImportModuleError' | 'UserCodeSyntaxError' | 'HandlerNotFound', message: string) {
    super(message);
    this.name = `Runtime.${kind}`;
  }
}

/** Imports the bundle and finds its handler; what the bundle throws while it loads is thrown on. */
export async function loadHandler(codeFolder: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [file, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const module = await importBundle(codeFolder, file);
  const found = module[name];
  if (typeof found !== 'function')
    throw new UnusableCode('HandlerNotFound', `${handler} is undefined or not exported`);
  return found as Handler;
}

async function importBundle(codeFolder: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = [`${file}.mjs`, `${file}.js`].map((each) => join(codeFolder, each)).find(existsSync);
  if (!path) throw new UnusableCode('ImportModuleError', `Error: Cannot find module '${file}'`);
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnusableCode('UserCodeSyntaxError', String(error));
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND')
      throw new UnusableCode('ImportModuleError', String(error));
    throw error;
  }
}
