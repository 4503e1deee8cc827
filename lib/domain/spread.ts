/** Returns the partition of a text, from 0 to `shards` - 1, always the same. FNV-1a over UTF-16 code units; not for secrets. */
export function spread(text: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ unit.charCodeAt(0), 0x01000193) >>> 0;
  return hash % shards;
}
