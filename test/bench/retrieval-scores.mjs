// The usual measures of retrieval for one ranked list, as shares from 0 to 1.

/**
 * @param ranked ids, best first
 * @param gold the needs of the query: an id each, or a list of ids of which any will do
 * @param k how far down the list MRR and nDCG look
 */
export function scoreOf(ranked, gold, k) {
  const ranks = gold.map((need) => {
    const places = [need].flat().map((id) => ranked.indexOf(id));
    return Math.min(...places.map((place) => (place < 0 ? Infinity : place)));
  });
  const recall = (limit) => ranks.filter((rank) => rank < limit).length / ranks.length;
  const first = Math.min(...ranks);
  // Two needs that one tool serves are one entry of the list.
  const found = [...new Set(ranks.filter((rank) => rank < k))];
  const gain = found.reduce((sum, rank) => sum + 1 / Math.log2(rank + 2), 0);
  const ideal = ranks.slice(0, k).reduce((sum, _, nth) => sum + 1 / Math.log2(nth + 2), 0);
  return {
    "recall@1": recall(1),
    "recall@3": recall(3),
    "recall@5": recall(5),
    "recall@10": recall(10),
    "mrr@10": first < k ? 1 / (first + 1) : 0,
    "ndcg@10": Math.min(1, gain / ideal),
  };
}

/** The mean of several scores, measure by measure. */
export function meanOf(scores) {
  const names = Object.keys(scores[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, scores.reduce((sum, score) => sum + score[name], 0) / scores.length]),
  );
}
