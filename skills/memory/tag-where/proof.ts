// The run that proved skills/memory/tag-where/tagWhere.ts: the program it was saved from. `toolgrove skills prove` runs it again.

import { tagWhere } from "../../../skills/memory/tag-where/tagWhere.js";

export default async function proof() {

return await tagWhere({ observation: "status: open" }, "tag: urgent");

}
