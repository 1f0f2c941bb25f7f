/** Puts what {@code text.items} found into the words of a language. */
@NullMarked
package dev.parlo.engine.text.verbalize;

import org.jspecify.annotations.NullMarked;
