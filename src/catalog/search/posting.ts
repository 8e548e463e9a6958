// One term's place in the inverted index. Plain data.

/** Where a term occurs. `slots` and `weights` go together; `named` are the slots whose tool's name holds the term. */
export interface Posting {
  readonly slots: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly named: ArrayLike<number>;
}
