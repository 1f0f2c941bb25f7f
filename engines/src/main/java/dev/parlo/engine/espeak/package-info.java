/**
 * espeak-ng by its C interface: speech with nothing downloaded, and phonemes for the neural models.
 */
@NullMarked
package dev.parlo.engine.espeak;

import org.jspecify.annotations.NullMarked;
