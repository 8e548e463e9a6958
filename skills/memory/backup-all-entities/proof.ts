// The run that proved skills/memory/backup-all-entities/backupAllEntities.ts: the rest of the program it was saved from.

import { backupAllEntities } from "../../../skills/memory/backup-all-entities/backupAllEntities.js";

export default async function proof() {

return await backupAllEntities();

}
