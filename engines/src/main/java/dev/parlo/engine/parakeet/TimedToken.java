package dev.parlo.engine.parakeet;

/**
 * A piece of text that the decoder wrote.
 *
 * @param id in the vocabulary
 * @param frame of the encoder that it was heard in, of 80 ms
 * @param duration frames that it lasts, 0 to 4 in the published models
 * @param logProbability natural logarithm
 */
record TimedToken(int id, int frame, int duration, double logProbability) {}
