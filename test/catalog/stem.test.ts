import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stem } from "../../src/catalog/stem.ts";

// The examples of Porter's paper, step by step, with what the whole algorithm makes of them.
const PAIRS = `
caresses caress; ponies poni; ties ti; caress caress; cats cat; feed feed; agreed agre; plastered plaster; bled bled;
motoring motor; sing sing; conflated conflat; troubled troubl; sized size; hopping hop; tanned tan; falling fall;
hissing hiss; fizzed fizz; failing fail; filing file; happy happi; sky sky; relational relat; conditional condit;
rational ration; valenci valenc; hesitanci hesit; digitizer digit; conformabli conform; radicalli radic;
differentli differ; vileli vile; analogousli analog; vietnamization vietnam; predication predic; operator oper;
feudalism feudal; decisiveness decis; hopefulness hope; callousness callous; formaliti formal; sensitiviti sensit;
sensibiliti sensibl; triplicate triplic; formative form; formalize formal; electriciti electr; electrical electr;
hopeful hope; goodness good; revival reviv; allowance allow; inference infer; airliner airlin; gyroscopic gyroscop;
adjustable adjust; defensible defens; irritant irrit; replacement replac; adjustment adjust; dependent depend;
adoption adopt; homologou homolog; communism commun; activate activ; angulariti angular; homologous homolog;
effective effect; bowdlerize bowdler; probate probat; rate rate; cease ceas; controll control; roll roll;
generalizations gener; oscillators oscil; by by; is is; yes ye
`;

describe("stem", () => {
  it("agrees with the published examples", () => {
    const pairs = PAIRS.trim()
      .split(/;\s*/)
      .map((pair) => pair.split(" "));
    expect(pairs.map(([word = ""]) => [word, stem(word)])).toEqual(pairs);
  });

  it.each([
    ["create", ["creates", "created", "creating"]],
    ["entity", ["entities"]],
    ["search", ["searches", "searching", "searched"]],
    ["repository", ["repositories"]],
    ["message", ["messages"]],
    ["observation", ["observations"]],
  ])("brings the forms of %s together", (word, forms) => {
    expect(new Set([word, ...forms].map(stem)).size).toBe(1);
  });

  it("never makes a word longer and never empties it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        const result = stem(word);
        expect(result.length).toBeGreaterThan(0);
        expect(result.length).toBeLessThanOrEqual(word.length);
      }),
    );
  });
});
