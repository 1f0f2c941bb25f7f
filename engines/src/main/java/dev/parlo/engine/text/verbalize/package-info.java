/**
 * Puts what {@code text.items} found into the words of a language. Internal: it may change with any
 * version.
 */
@NullMarked
package dev.parlo.engine.text.verbalize;

import org.jspecify.annotations.NullMarked;
