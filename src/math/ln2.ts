/** ln 2 rounded down to 32 bits: a product with an integer below 2^21 is exact. */
export const LN2_HIGH = 0.693147180369123816490;
/** What is missing from {@link LN2_HIGH}. */
export const LN2_LOW = 1.90821492927058770002e-10;
