/**
 * espeak-ng by its C interface: speech with nothing downloaded, and phonemes for the neural models.
 * Internal: it may change with any version.
 */
@NullMarked
package dev.parlo.engine.espeak;

import org.jspecify.annotations.NullMarked;
