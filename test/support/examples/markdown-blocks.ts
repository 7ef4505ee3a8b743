/** A block of TypeScript in a document, with the heading above it. */
export interface MarkdownBlock {
  readonly heading: string;
  readonly code: string;
}

/** The blocks of TypeScript of a Markdown text, in order. */
export function typescriptBlocks(text: string): MarkdownBlock[] {
  return text.split(/^## /m).slice(1).flatMap((section) => {
    const [heading] = section.split("\n", 1);
    return Array.from(section.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code]) => ({
      heading,
      code,
    }));
  });
}
