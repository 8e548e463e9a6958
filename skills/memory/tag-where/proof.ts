// The run that proved skills/memory/tag-where/tagWhere.ts: the rest of the program it was saved from.

import { tagWhere } from "../../../skills/memory/tag-where/tagWhere.js";

export default async function proof() {

return await tagWhere({ observation: "status: open" }, "tag: urgent");

}
