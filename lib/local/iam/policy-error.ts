/** A policy says something that the local cloud does not check: it stops rather than let it pass unseen. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  /** `where` is the resource and the place in it, `remedy` what whoever wrote the policy does now. */
  constructor(where: string, what: string, remedy: string) {
    super(`${where}: ${what}. ${remedy}`);
  }
}
