/** Voice activity detection: where in the audio somebody speaks. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.vad;
