// English words that say nothing about a tool, or little. What tools do (get, list, create, find, search …) must never be here.

const WORDS = `
a about above after again all also am an and any are aren as at be because been before being below between both but by
can cannot could couldn d did didn do does doesn doing don down during each either else etc ever every few for from
further had hadn has hasn have haven having he hello her here hers herself hey hi him himself his how however i if in
into is isn it its itself just kindly let ll m may maybe me might mine more most much must my myself need needed needs
neither no nor not now of off on once only onto or other our ours ourselves out over own per please quite rather re
really s same shall she should so some such t than thank thanks that the their theirs them themselves then there
therefore these they this those through to too under until up upon us ve very via want wanted wants was wasn we were
what whatever when where whether which while who whom whose why will with within without won would you your yours
yourself yourselves
`;

/** Words left out of the index and of queries, lower case. */
export const STOP_WORDS: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));

/** Words that say that something is asked, and seldom what. They are searched, since some tools are named so, but count less. */
export const ASKING_WORDS = `
ask assist assistance curious enjoy give happen hear help hope interested know like look love prefer provide request
require suggest sure tell think try wish wonder
`;
