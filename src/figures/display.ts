/** Method by which a value tells Jupyter how it looks; inert everywhere else. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself at the end of a notebook cell, by MIME type. */
export interface Displayable {
  [DISPLAY](): { readonly "text/html": string; readonly "text/plain": string };
}
