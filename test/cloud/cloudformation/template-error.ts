/** The template says something that the local cloud does not do: it stops rather than guess. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
  }
}

/** The names that would have been understood, for the end of a message. */
export function known(names: Iterable<string>): string {
  return `known: ${[...names].toSorted().join(', ')}`;
}
