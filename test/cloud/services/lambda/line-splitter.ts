/** Makes lines out of chunks of text; the last line of a chunk may be continued by the next. */
export class LineSplitter {
  #rest = '';

  /** The lines that this chunk completes. */
  push(text: string): readonly string[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  /** What is left without a line break, if anything. */
  flush(): readonly string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
