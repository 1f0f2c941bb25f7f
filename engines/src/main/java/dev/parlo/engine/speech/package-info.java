/**
 * What the speech engines share: turns between requests, joints between chunks, sample arithmetic.
 * Internal: it may change with any version.
 */
@NullMarked
package dev.parlo.engine.speech;

import org.jspecify.annotations.NullMarked;
