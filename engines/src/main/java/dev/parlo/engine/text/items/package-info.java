/**
 * Finds in a text what is not written as words (numbers, dates, money, addresses, abbreviations, …)
 * and tells what each is: the first half of a text normaliser, which knows nothing of how things
 * are said. Internal: it may change with any version.
 */
@NullMarked
package dev.parlo.engine.text.items;

import org.jspecify.annotations.NullMarked;
