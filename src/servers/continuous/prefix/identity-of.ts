import type { RequestLengths } from "../server-requests.ts";
import { BlockChains } from "./block-chains.ts";
import { type BlockIdentity, NOTHING_SHARED } from "./block-identity.ts";

/** Which blocks of `requests` are the same on a server with such flags. */
export function identityOf(
  requests: RequestLengths,
  { block_size, max_model_len }: { readonly block_size: number; readonly max_model_len: number },
): BlockIdentity {
  const { identity, content } = requests;
  if (identity !== undefined) return identity;
  if (content === undefined) return NOTHING_SHARED;
  return BlockChains.of(content, requests, { blockSize: block_size, maxModelLen: max_model_len });
}
