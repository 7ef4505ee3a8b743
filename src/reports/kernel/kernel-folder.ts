import { join } from "node:path";
import {
  identityOf,
  isStillThere,
  type ProcessIdentity,
} from "../../processes/process-identity.ts";
import { killGroup } from "../../processes/spawn-group.ts";

const PREFIX = "driftsched-kernel-";
/** Who made a folder, and which kernel is in it: written by us, so a folder with it is ours. */
const OWNER = "owner.json";

interface Owner {
  readonly owner: ProcessIdentity;
  readonly kernel: ProcessIdentity | null;
}

/** A folder for the connection file of a kernel, which holds its key: nobody else may look into it. */
export async function makeKernelFolder(parent?: string): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: parent, prefix: PREFIX });
  if (Deno.build.os !== "windows") await Deno.chmod(folder, 0o700);
  await note(folder, { owner: identityOf(Deno.pid)!, kernel: null });
  return folder;
}

/** Writes down which kernel a folder belongs to. */
export async function noteKernel(folder: string, pid: number): Promise<void> {
  await note(folder, { owner: identityOf(Deno.pid)!, kernel: identityOf(pid) });
}

async function note(folder: string, owner: Owner): Promise<void> {
  await Deno.writeTextFile(join(folder, OWNER), JSON.stringify(owner), { mode: 0o600 });
}

/**
 * Removes kernel folders of runners that have died with nobody to clean up behind them, and kills the
 * kernels that are still at work in them. Only folders of our making are touched, whose owner is gone.
 */
export async function sweepKernelFolders(parent: string): Promise<void> {
  for (const { name, isDirectory } of [...Deno.readDirSync(parent)]) {
    if (!isDirectory || !name.startsWith(PREFIX)) continue;
    const folder = join(parent, name);
    const found = await ownerOf(folder);
    if (found === null || isStillThere(found.owner)) continue;
    const { kernel } = found;
    if (kernel !== null && kernel.started !== null && isStillThere(kernel)) killGroup(kernel.pid);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function ownerOf(folder: string): Promise<Owner | null> {
  try {
    const { owner, kernel } = JSON.parse(await Deno.readTextFile(join(folder, OWNER)));
    return Number.isInteger(owner?.pid) && owner.pid > 0 ? { owner, kernel } : null;
  } catch {
    return null;
  }
}
