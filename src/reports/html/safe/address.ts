/** Where a fragment may point. */
export interface AddressOptions {
  /** Element that carries the address, as tag name. */
  readonly tagName: string;
  /** Whether links may leave the report (`https:`, `http:`, `mailto:`): in prose, not in outputs. */
  readonly external: boolean;
  /** Whether the element carries `download`. */
  readonly download: boolean;
}

const INSIDE = /^#[\w\-.~%!$&'()*+,;=:@/?]*$/;
const BESIDE = /^(?:\.{1,2}\/)*[\w-][\w.-]*(?:\/[\w-][\w.-]*)*(?:#[\w.-]*)?$/;
const OUTSIDE = /^(?:https?:\/\/[^\s\\<>"'`]+|mailto:[^\s\\<>"'`]+)$/i;
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*$/i;
const DATA_FILE =
  /^data:(?:text\/csv|text\/tab-separated-values|text\/plain|application\/json|image\/png)(?:;charset=[\w-]+)?(?:;base64)?,[^\s<>"'`\\]*$/i;

/**
 * An address that a fragment may hold: a place inside the page, a picture as data, a file to save as
 * data, a file beside the report, and in prose a link to the web; null for everything else.
 */
export function safeAddress(address: string, options: AddressOptions): string | null {
  const trimmed = address.trim();
  switch (options.tagName) {
    case "img":
    case "image":
      return PICTURE.test(trimmed) ? trimmed : null;
    case "a":
      if (INSIDE.test(trimmed) || BESIDE.test(trimmed)) return trimmed;
      if (options.download && DATA_FILE.test(trimmed)) return trimmed;
      return options.external && OUTSIDE.test(trimmed) ? trimmed : null;
    default:
      return /^#[\w-]+$/.test(trimmed) ? trimmed : null;
  }
}
