// The run that proved skills/memory/backup-all-entities/backupAllEntities.ts: the program it was saved from. `toolgrove skills prove` runs it again.

import { backupAllEntities } from "../../../skills/memory/backup-all-entities/backupAllEntities.js";

export default async function proof() {

return await backupAllEntities();

}
