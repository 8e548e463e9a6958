// The run that proved skills/memory/restore-from-backup/restoreFromBackup.ts: the rest of the program it was saved from.

import { backupAllEntities } from "../index.js";

import { restoreFromBackup } from "../../../skills/memory/restore-from-backup/restoreFromBackup.js";

export default async function proof() {

return await restoreFromBackup((await backupAllEntities()).path);

}
